"""Every page of the house asked by everybody for everybody's things: each answer is written down.

How to read and extend the tables in `expected/` is told in tests/README.md.
"""

from types import SimpleNamespace

import pytest

from tests.matrix import table
from tests.matrix.furniture import CANARIES
from tests.matrix.house import House, faults_of_headers, matrix_house  # noqa: F401 (a fixture)
from tests.matrix.world import WHO

EXPECTED = table.read()
PAGES = sorted({(endpoint, method) for endpoint, method, _place in EXPECTED})

# Who may meet a firm's name; all of these but the administrator may also meet its work and its figures.
KNOWS = {
    "own": {"membr", "owner", "mentr", "train", "lead", "admin"},
    "rival": {"r-mem", "r-own", "train", "lead", "admin"},
    "other": {"other", "t-not", "l-not", "admin"},
}
# An internal note is read by its author and the programme's leads.
KNOWS_SECRET = {"own": {"mentr", "lead"}, "rival": {"train", "lead"}, "other": {"t-not", "l-not"}}
# Whoever holds the folio, the invitation or the link in their hands reads the name that is on it.
NAMES_FOR_WHO_HOLDS_IT = {
    "graduation.check_certificate",
    "graduation.certificate_pdf",
    "cohorts.accept_invitation",
    "accounts.open_link",
    "followups.answer_by_link",
}
# The private address of a calendar is that of its reader: whoever holds it reads what they would.
OPEN_TO_WHO_HOLDS_IT = {"calendar.read_feed"}


def test_every_route_has_its_rows_and_every_row_its_route(matrix_house):  # noqa: F811
    there = {
        (endpoint, method, place)
        for endpoint, method, names in matrix_house.routes()
        for place in matrix_house.places(endpoint, names)
    }
    assert sorted(there - set(EXPECTED)) == [], "write these rows into tests/matrix/expected"
    assert sorted(set(EXPECTED) - there) == [], "take these rows out of tests/matrix/expected"


def test_there_are_thousands_of_cells():
    assert len(EXPECTED) * len(WHO) > 6000


@pytest.mark.parametrize(("endpoint", "method"), PAGES)
def test_everybody_gets_the_answer_that_is_written_down(matrix_house, endpoint, method):  # noqa: F811
    names = next(
        (names for one, how, names in matrix_house.routes() if (one, how) == (endpoint, method)), set()
    )
    faults, missing = [], {}
    places = matrix_house.places(endpoint, names)
    # What does not exist is asked first: what one may not see has to look the same.
    for place in sorted(places, key=lambda place: place != "missing"):
        key, found = (endpoint, method, place), {}
        for who in WHO:
            answer = matrix_house.ask(who, method, places[place])
            found[who] = said(answer)
            plain = answer.plain.replace(places[place].encode(), b"")
            missing.setdefault(who, plain)
            faults += [
                f"{place} as {who}: {fault}" for fault in wrong(matrix_house, endpoint, method, who, answer)
            ]
            if place != "missing" and found[who] == "404" and "missing" in places and plain != missing[who]:
                faults.append(f"{place} as {who}: the 404 is not the one of a thing that does not exist")
        if EXPECTED.get(key) != found:
            written = EXPECTED.get(key)
            was = table.line(key, written) if written else "(no row)"
            faults.append(f"written {was}\n     found   {table.line(key, found)}")
    assert not faults, "\n".join(["", table.HEAD, *faults])


def said(answer: SimpleNamespace) -> str:
    """`in` is the way to the sign-in page, which leads back here."""
    return (
        "in" if answer.status == 302 and answer.location.startswith("/sign-in?next=") else str(answer.status)
    )


def wrong(house: House, endpoint: str, method: str, who: str, answer: SimpleNamespace) -> list[str]:
    """What is at fault in one answer, whatever its status."""
    faults = []
    if house.database.is_changed():
        if method != "POST" or answer.status >= 400:
            faults.append("something was changed")
        house.database.put_back()
    if answer.status >= 500:
        faults.append(f"answers {answer.status}")
    faults += [
        f"lacks {header}" for header in faults_of_headers(answer, signed_in=who not in ("anon", "suspd"))
    ]
    everything = answer.body + str(answer.headers).encode()
    for place, canaries in CANARIES.items():
        if endpoint in OPEN_TO_WHO_HOLDS_IT:
            continue
        forbidden = []
        if who not in KNOWS[place] and endpoint not in NAMES_FOR_WHO_HOLDS_IT:
            forbidden.append(canaries.names)
        if who not in KNOWS[place] - {"admin"}:
            forbidden += canaries.private
        if who not in KNOWS_SECRET[place]:
            forbidden.append(canaries.internal)
        faults += [f"reads {canary}" for canary in forbidden if canary.encode() in everything]
    return faults

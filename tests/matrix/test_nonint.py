"""What other firms sell moves not a byte of what a firm reads, on any page that a member can ask for."""

import re
from decimal import Decimal

import pytest

from lms.foundation.db import db
from lms.sales.models import Baseline, Channel, Figure, Tier
from tests.matrix.house import House, matrix_house  # noqa: F401 (a fixture)

MEMBERS = ("owner", "membr")
# The rival is in the same cohort, the other in another programme.
CHANGED = ("r-own", "other")
# What is drawn anew for every answer: keys of forms, tickets, the question to a passkey.
ONE_TIME = re.compile(
    rb'name="\w*(csrf_token|form_key|ticket)" value="[^"]*"|"csrf":"[^"]*"|challenge&#34;: &#34;[\w-]+'
)


def pages(house: House) -> dict[str, str]:
    """The address of every page, with the firm's own things where it names one."""
    found = {}
    for endpoint, method, names in house.routes():
        places = house.places(endpoint, names)
        path = places.get("own") or places.get("-")
        if method == "GET" and path:
            found[endpoint] = path
    return found


def read(house: House) -> dict[tuple[str, str], tuple[int, bytes]]:
    answers = {}
    for endpoint, path in pages(house).items():
        for who in MEMBERS:
            answer = house.ask(who, "GET", path)
            answers[endpoint, who] = (
                answer.status,
                ONE_TIME.sub(b"", answer.location.encode() + answer.plain),
            )
    return answers


def sell_otherwise(house: House) -> None:
    """Other amounts, one channel and one month more, and another starting point."""
    with house.app.app_context():
        for person in (house.world.people[who] for who in CHANGED):
            assert person is not None
            figures = db.session.query(Figure).filter_by(firm_id=person.firm_id).all()
            assert figures
            for figure in figures:
                figure.gross = (figure.gross or Decimal(0)) * 7 + Decimal("1234.56")
                figure.orders, figure.units = 99, 999
            one = figures[0]
            whose = {"enrolment_id": one.enrolment_id, "firm_id": one.firm_id, "user_id": one.user_id}
            said = {"gross": Decimal("98765.43"), "tier": Tier.E_RECALL, "declared_at": one.declared_at}
            db.session.add(Figure(**whose, **said, channel=Channel.WHOLESALE, month=one.month))
            for baseline in db.session.query(Baseline).filter_by(firm_id=person.firm_id):
                baseline.months = [[month, "4321.00"] for month, _gross in baseline.months]
        db.session.commit()


@pytest.fixture
def sold_otherwise(matrix_house):  # noqa: F811
    before = read(matrix_house), read(matrix_house)
    mine = {who: matrix_house.ask(who, "GET", "/sales/history").plain for who in CHANGED}
    sell_otherwise(matrix_house)
    yield before, mine
    matrix_house.database.put_back()


def test_another_firms_figures_move_no_byte_of_what_a_firm_reads(matrix_house, sold_otherwise):  # noqa: F811
    (first, second), mine = sold_otherwise
    answered = [key for key, (status, _body) in first.items() if status == 200]
    assert len(answered) > 80
    changing = [key for key in first if first[key] != second[key]]
    assert changing == [], "they differ without any change"
    after = read(matrix_house)
    assert [key for key in first if first[key] != after[key]] == []
    # Who sold it does read something else, so that the change was one.
    for who, page in mine.items():
        assert matrix_house.ask(who, "GET", "/sales/history").plain != page

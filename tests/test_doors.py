"""Every door of the house: guarded, strict in its headers, harmless to read, shut to forms from elsewhere."""

import re
import sqlite3
from functools import cache
from urllib.parse import urlsplit

import pytest
from sqlalchemy import event

from lms.curriculum import preview
from lms.foundation.db import db
from lms.permissions import Permission
from lms.web.form_keys import new_key
from lms.web.guard import check_every_route
from tests import pages
from tests.matrix.house import faults_of_headers, matrix_house  # noqa: F401 (a fixture)

READERS = ("anon", "invit", "membr", "owner", "mentr", "train", "lead", "admin")

# Where a stranger may enter. A new name here is a decision.
PUBLIC = {
    "accounts.enter_code", "accounts.enter_passkey", "accounts.enter_pin", "accounts.open_link",
    "accounts.sign_in",
    "cohorts.accept_invitation",
    "curriculum.show_figure", "graduation.certificate_pdf", "graduation.check_certificate",
    "graduation.find_certificate", "home.accessibility", "home.landing", "home.manifest",
    "home.offline_token", "home.privacy", "home.service_worker", "notifications.stop_letters",
    "calendar.read_feed", "followups.answer_by_link",
    "ops.demo_entry", "ops.health", "reports.public_report",
}  # fmt: skip

# Where a POST needs no token of ours: mail programs send it, and the address is the secret (RFC 8058).
WITHOUT_TOKEN = {"notifications.stop_letters"}

# Everything that a page reads from its address, and values that no page of ours would write there.
NAMES = [
    "page", "month", "channel", "files", "about", "title", "cohort", "week", "only",
    "since", "event", "show", "order", "q", "next", "after", "question", "change",
    "wrong", "missing", "folio", "again", "code", "view", "day", "before",
]  # fmt: skip
STRANGE = (
    "99999999999999999999999",
    "-1",
    "0",
    "\x00",
    "’<script>",
    "2026-13",
    "../../etc/passwd",
    "%",
    "٣",
    "a" * 3000,
)


@pytest.fixture
def house(matrix_house):  # noqa: F811
    yield matrix_house
    if matrix_house.database.is_changed():
        matrix_house.database.put_back()


def doors(house, method: str, whose: str = "own"):
    """The address of every page that answers to this method, with the first thing it can name."""
    for endpoint, how, names in house.routes():
        if how == method:
            places = house.places(endpoint, names)
            yield endpoint, places.get(whose) or next(iter(places.values()))


def test_every_route_says_who_may_enter(house):
    check_every_route(house.app)
    views = house.app.view_functions
    assert {name for name, view in views.items() if view.access == "public"} == PUBLIC
    assert all(isinstance(view.access, Permission) for name, view in views.items() if name not in PUBLIC)


def test_an_app_with_one_unguarded_route_does_not_start(house, monkeypatch):
    monkeypatch.setitem(house.app.view_functions, "home.privacy", lambda: "open to all")
    with pytest.raises(RuntimeError, match="home.privacy"):
        check_every_route(house.app)


def test_every_permission_guards_something_or_is_asked_by_name():
    """A permission that nobody asks for is a rule that holds nowhere."""
    from tests.test_walls import LMS

    asking = [
        path for ending in ("*.py", "*.html") for path in LMS.rglob(ending) if path.name != "permissions.py"
    ]
    code = "\n".join(path.read_text(encoding="utf-8") for path in asking)
    assert [one.name for one in Permission if not re.search(rf"Permission\.{one.name}\b", code)] == []


def test_every_template_compiles(house):
    names = [name for name in house.app.jinja_env.list_templates() if name.endswith((".html", ".txt"))]
    assert len(names) > 100
    for name in names:
        house.app.jinja_env.get_template(name)


def test_every_address_that_a_template_or_view_asks_for_exists(house, tmp_path):
    from tests.test_walls import LMS

    # The preview of courses is a small house of its own.
    own = preview.make_app(tmp_path, build=house.app.config["BUILD_DIR"], site_name="Pespunte")
    known = {*house.app.view_functions, *own.view_functions}
    asked = re.compile(r"(?:url_for|url_or_none|absolute)\(\s*[\"']((?:\w+)?\.\w+)[\"']")
    dead = []
    for path in [*LMS.rglob("*.py"), *LMS.rglob("*.html"), *LMS.rglob("*.txt")]:
        room = path.relative_to(LMS).parts[0]
        for name in asked.findall(path.read_text(encoding="utf-8")):
            whole = f"{room}{name}" if name.startswith(".") else name
            if whole not in known:
                dead.append(f"{path.relative_to(LMS)}: {whole}")
    assert not dead, "\n".join(["", *dead])


@pytest.mark.parametrize("who", READERS)
def test_reading_changes_nothing_and_never_fails_whatever_the_address_says(house, who):
    faults = []
    for endpoint, path in doors(house, "GET"):
        for strange in STRANGE if who in ("owner", "lead") else STRANGE[:2]:
            answer = house.ask(who, "GET", path, query_string={name: strange for name in NAMES})
            if answer.status >= 500:
                faults.append(f"{endpoint} {strange[:20]!r}: {answer.status}")
            faults += [
                f"{endpoint}: lacks {header}" for header in faults_of_headers(answer, signed_in=who != "anon")
            ]
    assert not faults, "\n".join(["", *sorted(set(faults))])
    assert not house.database.is_changed()


@pytest.mark.parametrize("who", READERS)
def test_a_form_that_no_page_of_this_session_gave_is_refused_and_changes_nothing(house, who):
    faults = []
    stranger = house.tokens["other"]
    ways = {
        "no token": {},
        "a wrong token": {"csrf_token": "IjEi.wrong"},
        "the token of another session": {"csrf_token": stranger},
    }
    for endpoint, path in doors(house, "POST"):
        if endpoint in WITHOUT_TOKEN:
            continue
        for way, data in ways.items():
            answer = house.ask(who, "POST", path, data=data | {"form_key": new_key()})
            if answer.status != 400:
                faults.append(f"{endpoint} with {way}: {answer.status}")
        answer = house.ask(who, "POST", path, headers={"Sec-Fetch-Site": "cross-site"})
        if answer.status not in (400, 403):
            faults.append(f"{endpoint} from another site: {answer.status}")
    assert not faults, "\n".join(["", *sorted(set(faults))])
    assert not house.database.is_changed()


def open_pages(house, who: str):
    """Every page that this person may open, as they see it; what the style page shows leads nowhere."""
    for endpoint, path, body in bodies(house, who):
        reader = pages._Reader()
        reader.feed(body)
        yield endpoint, path, reader.root


@cache
def bodies(house, who: str) -> list[tuple[str, str, str]]:
    """Asked once for all tests that look at them: each finds the house as the one before it did."""
    found = []
    for endpoint, path in doors(house, "GET"):
        if endpoint == "home.style":
            continue
        answer = house.ask(who, "GET", path)
        if answer.status == 200 and "html" in answer.headers["Content-Type"]:
            found.append((endpoint, path, answer.body.decode()))
    return found


@pytest.mark.parametrize("who", READERS)
def test_every_form_that_changes_something_can_be_sent_once_only(house, who):
    lacking = []
    for endpoint, path, root in open_pages(house, who):
        for form in root.find_all("form"):
            if form.attributes.get("method", "get").lower() != "post":
                continue
            # A page with two forms tells their fields apart by a prefix.
            names = [field.attributes.get("name", "") for field in form.find_all("input")]
            if not all(any(name.endswith(end) for name in names) for end in ("csrf_token", "form_key")):
                lacking.append(
                    f"{endpoint}: form to {form.attributes.get('action') or path} has only {sorted(names)}"
                )
    assert not lacking, "\n".join(["", *lacking])


@pytest.mark.parametrize("who", READERS)
def test_no_page_offers_what_its_reader_may_not_open(house, who):
    offered: dict[str, str] = {}
    for endpoint, _path, root in open_pages(house, who):
        for link in root.find_all("a", href=None):
            address = urlsplit(link.attributes["href"])
            is_ours = address.path and not address.netloc and not address.scheme
            if is_ours and not address.path.startswith("/assets/"):
                offered.setdefault(address._replace(fragment="").geturl(), endpoint)
    found = {address: house.ask(who, "GET", address).status for address in offered}
    wrong = [
        f"{offered[path]}: link to {path} answers {status}" for path, status in found.items() if status >= 400
    ]
    assert not wrong, "\n".join(["", *wrong])


def targets(form: pages.Element, path: str) -> list[str]:
    """Where the buttons of a form lead."""
    others = [button.attributes["formaction"] for button in form.find_all("button", formaction=None)]
    return [urlsplit(target).path for target in (form.attributes.get("action") or path, *others)]


@pytest.mark.parametrize("who", READERS)
def test_every_form_leads_to_a_page_that_takes_it(house, who):
    adapter = house.app.url_map.bind("localhost")
    wrong = []
    for endpoint, path, root in open_pages(house, who):
        for form in root.find_all("form"):
            method = form.attributes.get("method", "get").upper()
            wrong += [
                f"{endpoint}: form to {method} {target}"
                for target in targets(form, path)
                if not adapter.test(target, method)
            ]
    assert not wrong, "\n".join(["", *wrong])


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "CONNECT", "PROPFIND"])
def test_methods_that_no_page_knows_are_not_found(house, method):
    for path in ("/", "/home", "/sign-in", "/health"):
        answer = house.ask("admin", method, path)
        assert answer.status in (400, 404, 405), path
        assert faults_of_headers(answer, signed_in=True) == []


@pytest.fixture
def impatient(house):
    """Connections that wait a moment for a locked database, not five seconds."""
    with house.app.app_context():
        engine = db.engine
    if engine.dialect.name != "sqlite":
        pytest.skip("another connection can lock the whole database on SQLite only")

    def hurry(connection, _record, _proxy):
        connection.execute("PRAGMA busy_timeout=50")

    event.listen(engine, "checkout", hurry)
    yield engine
    event.remove(engine, "checkout", hurry)
    engine.dispose()


def test_while_another_holds_the_database_nothing_typed_is_lost(house, impatient):
    typed = {"text": "Lo que escribí <b>", "form_key": new_key()}
    holder = sqlite3.connect(impatient.url.database, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    try:
        path = dict(doors(house, "POST"))["mentoring.ask_help"]
        answer = house.ask("owner", "POST", path, data=typed | {"csrf_token": house.tokens["owner"]})
        reading = house.ask("owner", "GET", "/course")
    finally:
        holder.execute("ROLLBACK")
        holder.close()
    assert answer.status == 503 and answer.headers["Retry-After"] == "10"
    assert faults_of_headers(answer, signed_in=True) == []
    assert reading.status == 200, "who only reads is not held up"
    reader = pages._Reader()
    reader.feed(answer.body.decode())
    kept = pages.values(reader.root.find("form", method="post"))
    assert kept["text"] == ["Lo que escribí <b>"] and kept["form_key"] != [typed["form_key"]]
    again = house.ask("owner", "POST", path, data={name: value[0] for name, value in kept.items()})
    assert again.status in (302, 422)


def test_a_full_disk_is_a_calm_page_and_loses_nothing(house):
    with house.app.app_context():
        engine = db.engine
    if engine.dialect.name != "sqlite":
        pytest.skip("only SQLite can be told how large it may become")
    pages_now = sqlite3.connect(engine.url.database).execute("PRAGMA page_count").fetchone()[0]

    def fill(connection, _record, _proxy):
        connection.execute(f"PRAGMA max_page_count={pages_now}")

    event.listen(engine, "checkout", fill)
    try:
        sent = {
            "csrf_token": house.tokens["owner"],
            "form_key": new_key(),
            "text": "x" * 200_000,
            "about": "/course",
        }
        answers = [house.ask("owner", "POST", "/help", data=sent | {"form_key": new_key()}) for _ in range(2)]
    finally:
        event.remove(engine, "checkout", fill)
        engine.dispose()
    assert {answer.status for answer in answers} <= {503, 422}
    assert not house.database.is_changed()


def test_a_public_page_says_nothing_of_who_is_in_the_house(house):
    """A stranger gets the same answer for a person that exists and one that does not."""
    answers = []
    for address in ("lupita.ríos@example.org", "nobody@example.org"):
        sent = {"csrf_token": house.tokens["anon"], "form_key": new_key(), "email": address}
        answer = house.ask("anon", "POST", "/sign-in", data=sent)
        answers.append((answer.status, answer.location, len(answer.plain)))
    assert answers[0] == answers[1]

"""Signing in by code and by link, and signing out."""

import re
from datetime import timedelta

import pytest

from lms.accounts import services
from lms.accounts.models import SignInSecret, User
from lms.accounts.session import safe_target
from lms.foundation.clock import now
from lms.foundation.db import db
from tests.conftest import NOW

HOME = "/home"


def newest_code(letters, email):
    """The six digits of the newest letter to that address."""
    texts = [letter.text for letter in letters() if letter.to == email]
    return re.search(r"\b\d{6}\b", texts[-1])[0] if texts else None


def ask_for_code(someone, email):
    return someone.submit("/sign-in", email=email)


def secrets_of(person):
    return db.session.query(SignInSecret).filter_by(user_id=person.id).all()


def test_a_person_enters_with_the_code_of_their_letter(browser, cast, letters):
    phone = browser()
    page = ask_for_code(phone, cast.owner.email)
    assert page.status == 200 and cast.owner.email in page.text

    answer = phone.send(page, "/sign-in/code", code=newest_code(letters, cast.owner.email), follow=False)

    assert answer.status == 302 and answer.location == HOME
    assert phone.get("/firm/people").status == 200


def test_a_code_with_blanks_and_an_address_in_capitals_are_understood(browser, cast, letters):
    phone = browser()
    page = ask_for_code(phone, f" {cast.owner.email.upper()} ")
    code = newest_code(letters, cast.owner.email)
    answer = phone.send(page, "/sign-in/code", code=f" {code[:3]} {code[3:]} ", follow=False)
    assert answer.location == HOME


def test_a_code_works_once(browser, cast, letters):
    phone = browser()
    page = ask_for_code(phone, cast.owner.email)
    code = newest_code(letters, cast.owner.email)
    phone.send(page, "/sign-in/code", code=code, follow=False)
    secret = secrets_of(cast.owner)[0]
    assert secret.used_at is not None
    assert code not in secret.secret_hash


def test_a_code_is_worth_nothing_in_another_browser(browser, cast, letters):
    ask_for_code(browser(), cast.owner.email)
    code = newest_code(letters, cast.owner.email)
    stranger = browser()
    page = ask_for_code(stranger, cast.owner.email)
    assert stranger.send(page, "/sign-in/code", code=code, follow=False).location == "/sign-in/code?wrong=1"


def test_a_code_is_worth_nothing_after_thirty_minutes(browser, cast, letters, stopped_clock):
    phone = browser()
    page = ask_for_code(phone, cast.owner.email)
    code = newest_code(letters, cast.owner.email)
    stopped_clock(NOW + timedelta(minutes=31))
    assert phone.send(page, "/sign-in/code", code=code, follow=False).location == "/sign-in/code?wrong=1"


def test_after_five_wrong_tries_even_the_right_code_is_refused(browser, cast, letters):
    phone = browser()
    ask_for_code(phone, cast.owner.email)
    code = newest_code(letters, cast.owner.email)
    wrong = "000000" if code != "000000" else "111111"
    for _ in range(5):
        page = phone.submit("/sign-in/code", code=wrong)
        assert page.errors
    assert phone.submit("/sign-in/code", code=code, follow=False).location == "/sign-in/code?wrong=1"


def test_the_wrong_tries_of_a_stranger_do_not_lock_the_owner_out(browser, cast, letters):
    phone, stranger = browser(), browser()
    page = ask_for_code(phone, cast.owner.email)
    code = newest_code(letters, cast.owner.email)
    ask_for_code(stranger, cast.owner.email)
    for _ in range(7):
        stranger.submit("/sign-in/code", code="123456" if code != "123456" else "654321")
    assert phone.send(page, "/sign-in/code", code=code, follow=False).location == HOME


def test_an_account_is_sent_five_codes_an_hour_at_most(browser, cast, stopped_clock):
    pages = [ask_for_code(browser(), cast.owner.email) for _ in range(7)]
    assert len(secrets_of(cast.owner)) == 5
    assert len({page.text for page in pages}) == 1
    stopped_clock(NOW + timedelta(hours=1, minutes=1))
    ask_for_code(browser(), cast.owner.email)
    assert len(secrets_of(cast.owner)) == 6


@pytest.mark.parametrize("who", ["unknown", "suspended"])
def test_an_address_that_may_not_enter_gets_the_same_pages(browser, cast, who):
    emails = {"unknown": "nobody.here@example.org", "suspended": cast.suspended_user.email}
    known, other = browser(), browser()
    answers = []
    for someone, email in ((known, cast.owner.email), (other, emails[who])):
        sent = someone.submit("/sign-in", follow=False, email=email)
        page = someone.follow(sent)
        tried = someone.submit("/sign-in/code", code="999999", follow=False)
        shown = someone.follow(tried)
        answers.append(
            [sent.status, sent.location, page.status, page.text.replace(email, "…"),
             tried.status, tried.location, shown.status, shown.text.replace(email, "…")]
        )  # fmt: skip
    assert answers[0] == answers[1]
    assert not db.session.query(SignInSecret).filter_by(user_id=cast.suspended_user.id).count()


def test_an_address_that_is_none_is_named_as_such(browser, cast):
    page = browser().submit("/sign-in", email="lupita")
    assert page.status == 422 and page.errors


def test_entering_begins_a_new_session(browser, cast, letters):
    phone = browser()
    with phone.client.session_transaction() as session:
        session["left_behind"] = "by somebody else"
    page = ask_for_code(phone, cast.owner.email)
    phone.send(page, "/sign-in/code", code=newest_code(letters, cast.owner.email), follow=False)
    with phone.client.session_transaction() as session:
        assert "left_behind" not in session and "entry" not in session
        assert session["firm_id"] == cast.owner.firm_id and session["since"]


def test_one_goes_on_to_the_page_one_wanted(browser, cast, letters):
    phone = browser()
    sign_in = phone.get("/firm/people").location
    page = phone.submit(sign_in, email=cast.owner.email)
    answer = phone.send(page, "/sign-in/code", code=newest_code(letters, cast.owner.email), follow=False)
    assert answer.location == "/firm/people"


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example", "//evil.example", "/\\evil.example", "\\/evil.example", "///evil.example",
        "/\t/evil.example", "/\n/evil.example", "javascript:alert(1)", " /evil", "http:/evil",
        "", None, "evil",
        "/%0d%0a\r\nLocation: x", "http://[::1", "/\x7f/evil",
    ],
)  # fmt: skip
def test_one_is_never_led_to_another_site(target):
    assert safe_target(target) is None


@pytest.mark.parametrize("target", ["/", "/home", "/lessons/3?part=2", "/a//b"])
def test_one_is_led_within_the_house(target):
    assert safe_target(target) == target


def test_a_link_names_nobody_until_it_is_opened(browser, cast):
    user = db.session.get(User, cast.owner.id)
    token = services.make_link(user, by=cast.trainer)
    phone = browser()
    page = phone.get(f"/sign-in/link/{token}")
    assert page.status == 200 and "Lupita" not in page.html
    assert page.headers["Cache-Control"] == "no-store"
    assert phone.get("/firm/people").status == 302, "looking at the link must not open it"

    answer = phone.send(page, f"/sign-in/link/{token}", follow=False)

    assert answer.location == HOME and phone.get("/firm/people").status == 200


def test_a_link_that_is_used_expired_or_wrong_gets_one_page(browser, cast, stopped_clock):
    user = db.session.get(User, cast.owner.id)
    used, old = services.make_link(user, by=cast.trainer), services.make_link(user, by=cast.trainer)
    browser().submit(f"/sign-in/link/{used}", follow=False)
    stopped_clock(NOW + timedelta(hours=25))
    pages = [browser().get(f"/sign-in/link/{token}") for token in (used, old, "never-made")]
    assert {page.status for page in pages} == {404}
    assert len({page.text for page in pages}) == 1


def test_a_double_tap_on_a_link_enters_once_and_ends_on_the_same_page(browser, cast):
    token = services.make_link(db.session.get(User, cast.owner.id), by=cast.trainer)
    phone, second_tap = browser(), browser()
    page = phone.get(f"/sign-in/link/{token}")
    second_tap.client.set_cookie("session", phone.client.get_cookie("session").value)
    first = phone.send(page, f"/sign-in/link/{token}", follow=False)
    again = second_tap.send(page, f"/sign-in/link/{token}", follow=False)
    assert first.location == again.location == HOME


def test_staff_make_links_for_members_only(cast):
    from lms.foundation.errors import Refused

    for person in (cast.admin, cast.lead, cast.mentor):
        with pytest.raises(Refused):
            services.make_link(db.session.get(User, person.id), by=cast.trainer)


def test_a_copied_cookie_is_worth_nothing_after_signing_out(browser, cast):
    phone, copy = browser(cast.owner), browser(cast.owner)
    assert copy.get("/firm/people").status == 200
    answer = phone.submit("/sign-out", follow=False)
    assert answer.location == "/sign-in" and answer.headers["Clear-Site-Data"]
    assert phone.get("/firm/people").status == 302
    assert copy.get("/firm/people").status == 302


def test_signing_out_needs_a_press(browser, cast):
    phone = browser(cast.owner)
    assert phone.get("/sign-out").status == 200
    assert phone.get("/firm/people").status == 200


def test_a_suspended_person_is_out_with_the_next_request(browser, cast):
    phone = browser(cast.owner)
    assert phone.get("/firm/people").status == 200
    services.suspend(db.session.get(User, cast.owner.id), by=cast.admin)
    assert phone.get("/firm/people").status == 302


def test_entering_is_remembered_as_last_seen(browser, cast):
    token = services.make_link(db.session.get(User, cast.owner.id), by=cast.trainer)
    browser().submit(f"/sign-in/link/{token}", follow=False)
    assert db.session.get(User, cast.owner.id).last_seen_at == now()

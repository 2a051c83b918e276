"""Staff put a reason for attention off: what is said, how it comes back, that the firm never sees it."""

from datetime import UTC, datetime, timedelta

import pytest

from lms.foundation.db import db
from lms.mentoring.models import Snooze
from tests import build
from tests.standing import deeds

NOTE = "Está en la feria de León hasta el viernes"


def address(cast, reason="quiet"):
    return f"/enrolments/{cast.enrolment.id}/reasons/{reason}"


def put_off(cast, browser, who="mentor", **fields):
    return browser(getattr(cast, who)).submit(
        address(cast), "Dejarlo", **{"until": "2026-10-21", "note": NOTE} | fields
    )


def attention(page):
    """The firms under the heading of those to look for."""
    lists = [one for one in page.root.find_all("ol") if one.attributes.get("aria-labelledby") == "attention"]
    return lists[0].text if lists else ""


def test_it_leaves_the_list_and_the_firms_page_says_who_and_why(cast, browser):
    assert "sin avanzar" in attention(browser(cast.mentor).get("/home"))
    page = put_off(cast, browser)
    assert f"lo dejó para el miércoles 21 de octubre: «{NOTE}»" in page.text
    assert cast.mentor.name in page.text
    assert "sin avanzar" not in attention(browser(cast.mentor).get("/home"))


def test_it_comes_back_by_itself_on_its_day(cast, browser, stopped_clock):
    put_off(cast, browser)
    stopped_clock(datetime(2026, 10, 21, 15, tzinfo=UTC))
    assert "sin avanzar" in attention(browser(cast.mentor).get("/home"))
    assert NOTE not in browser(cast.mentor).get(f"/enrolments/{cast.enrolment.id}").text


def test_it_clears_itself_when_the_reason_is_no_longer_true(cast, browser):
    put_off(cast, browser)
    deeds.read(cast.enrolment, cast.owner, cast.version.week_rows[0].lessons[0])
    page = browser(cast.mentor).get(f"/enrolments/{cast.enrolment.id}")
    assert NOTE not in page.text and "sin avanzar" not in page.text


def test_it_can_be_taken_up_again_before_its_day(cast, browser):
    put_off(cast, browser)
    page = browser(cast.trainer).submit(f"/enrolments/{cast.enrolment.id}", "Volver a atenderlo")
    assert "Ya está otra vez en la lista" in page.text and NOTE not in page.text
    assert "sin avanzar" in attention(browser(cast.mentor).get("/home"))
    assert db.session.query(Snooze).one().taken_back_by_id == cast.trainer.id


def test_putting_it_off_again_replaces_the_first(cast, browser):
    put_off(cast, browser)
    page = put_off(cast, browser, who="trainer", note="Regresa el lunes", until="2026-10-26")
    assert "Regresa el lunes" in page.text and NOTE not in page.text
    assert db.session.query(Snooze).filter_by(taken_back_at=None).count() == 1


@pytest.mark.parametrize("until", ["2026-10-14", "2026-10-01", "2026-11-14", "", "mañana", "2026-13-40"])
def test_only_the_next_thirty_days_can_be_chosen_and_the_note_stays(cast, browser, until):
    page = put_off(cast, browser, until=until)
    assert page.status == 422 and page.errors
    assert NOTE in page.html
    assert db.session.query(Snooze).count() == 0


@pytest.mark.parametrize("until", ["2026-10-15", "2026-11-13"])
def test_tomorrow_and_the_thirtieth_day_are_fine(cast, browser, until):
    put_off(cast, browser, until=until)
    assert db.session.query(Snooze).one().until.isoformat() == until


@pytest.mark.parametrize("note", ["", "   ", "x" * 501])
def test_it_needs_a_note_of_a_sensible_length(cast, browser, note):
    assert put_off(cast, browser, note=note).status == 422


def test_what_is_not_so_any_more_cannot_be_put_off(cast, browser):
    deeds.freeze(cast.enrolment, cast.owner)
    page = browser(cast.mentor).get(address(cast, "baseline_missing"))
    assert page.location == f"/enrolments/{cast.enrolment.id}#why"
    assert db.session.query(Snooze).count() == 0


def test_a_call_for_help_is_answered_not_put_off(cast, browser):
    deeds.ask(cast.enrolment, cast.owner)
    assert browser(cast.mentor).get(address(cast, "asked_for_help")).status == 404
    assert "asked_for_help" not in browser(cast.mentor).get(f"/enrolments/{cast.enrolment.id}").html


@pytest.mark.parametrize("path", ["/home", "/progress", "/agreements", "/my-data", "/help"])
def test_the_firm_never_sees_it(cast, browser, path):
    put_off(cast, browser)
    page = browser(cast.owner).get(path)
    assert page.status == 200
    assert NOTE not in page.html


def test_the_list_of_firms_says_that_something_was_put_off(cast, browser):
    put_off(cast, browser)
    page = browser(cast.mentor).get("/firms")
    assert "algo quedó para después" in page.text and "sin avanzar" not in page.text


def test_a_firm_that_is_only_put_off_is_not_said_to_be_on_track(cast, browser):
    build.add(
        Snooze(
            **deeds.keys_of(cast.enrolment),
            reason="quiet",
            since=datetime(2026, 9, 14).date(),
            until=datetime(2026, 10, 14).date() + timedelta(days=3),
            note=NOTE,
            made_by_id=cast.mentor.id,
            made_at=datetime(2026, 10, 14, tzinfo=UTC),
        )
    )
    assert "0 de 1" in browser(cast.mentor).get("/home").text

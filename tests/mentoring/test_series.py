"""Sessions that repeat: planned, moved and ended together."""

from datetime import UTC, date, datetime, time

import pytest

from lms.foundation.db import db
from lms.foundation.errors import Refused
from lms.mentoring import services
from lms.mentoring.models import MeetingSeries, Session, SessionKind, SessionState


def plan(cast, until=date(2026, 11, 16), every=2):
    return services.plan_series(
        cast.enrolment, kind=SessionKind.CALL, day=date(2026, 10, 19), hour=time(10), minutes=45,
        every_weeks=every, until=until, by=cast.mentor,
    )  # fmt: skip


def starts(series):
    return [session.starts_at for session in services.sessions_ahead(series)]


def at(month, day, hour):
    return datetime(2026, month, day, hour, tzinfo=UTC)


def test_a_mentor_plans_sessions_every_two_weeks_with_one_letter(cast, browser, letters):
    browser(cast.mentor).submit(
        f"/enrolments/{cast.enrolment.id}/sessions/new", kind="call", day="2026-10-19", hour="10:00",
        minutes="45", repeat="2", until="2026-11-20",
    )  # fmt: skip
    series = db.session.query(MeetingSeries).one()
    assert starts(series) == [at(10, 19, 16), at(11, 2, 16), at(11, 16, 16)]
    assert series.until == date(2026, 11, 16)
    assert sorted(letter.to for letter in letters()) == sorted([cast.owner.email, cast.son.email])
    assert "lunes 2 de noviembre" in letters()[0].text


def test_the_hour_on_the_wall_stays_where_clocks_change(cast):
    cast.cohort.time_zone = "America/Tijuana"
    assert starts(plan(cast)) == [at(10, 19, 17), at(11, 2, 18), at(11, 16, 18)]


def test_all_that_follow_move_by_as_many_days(cast, browser, letters):
    series = plan(cast)
    letters().clear()
    browser(cast.mentor).submit(f"/series/{series.id}", day="2026-10-21", hour="17:30")
    assert starts(series) == [
        datetime(2026, 10, 21, 23, 30, tzinfo=UTC), datetime(2026, 11, 4, 23, 30, tzinfo=UTC),
        datetime(2026, 11, 18, 23, 30, tzinfo=UTC),
    ]  # fmt: skip
    assert {session.sequence for session in db.session.query(Session)} == {1}
    assert len(letters()) == 2


def test_what_was_held_stays_when_the_rest_is_called_off(cast, browser, stopped_clock, letters):
    series = plan(cast)
    db.session.commit()
    stopped_clock(at(10, 20, 16))
    letters().clear()
    browser(cast.mentor).submit(f"/series/{series.id}", button="Terminar la serie")
    states = [session.state for session in db.session.query(Session).order_by(Session.starts_at)]
    assert states == [SessionState.PLANNED, SessionState.CANCELLED, SessionState.CANCELLED]
    assert len(letters()) == 2
    with pytest.raises(Refused):
        services.end_series(series, by=cast.mentor)


def test_a_series_of_one_is_none_and_one_that_meets_another_session_is_refused(cast):
    with pytest.raises(Refused):
        plan(cast, until=date(2026, 10, 25))
    services.plan_session(
        cast.rival_enrolment, kind=SessionKind.CALL, starts_at=at(11, 2, 16), minutes=30, by=cast.mentor
    )
    db.session.commit()
    with pytest.raises(Refused, match="Costuras Rosa"):
        plan(cast)
    db.session.rollback()
    assert db.session.query(Session).count() == 1


def test_a_series_is_not_moved_into_the_past_nor_seen_by_others(cast, browser):
    series = plan(cast)
    page = browser(cast.mentor).submit(f"/series/{series.id}", day="2026-10-12", hour="10:00")
    assert page.status == 422
    assert starts(series)[0] == at(10, 19, 16)
    for who in (cast.owner, cast.rival, cast.other_mentor, cast.admin):
        assert browser(who).get(f"/series/{series.id}").status == 404


def test_a_last_day_is_asked_for_only_when_it_repeats(cast, browser):
    path = f"/enrolments/{cast.enrolment.id}/sessions/new"
    fields = {"kind": "call", "day": "2026-10-19", "hour": "10:00", "minutes": "45"}
    assert browser(cast.mentor).submit(path, **fields, repeat="1").status == 422
    browser(cast.mentor).submit(path, **fields, repeat="0")
    assert db.session.query(Session).count() == 1 and db.session.query(MeetingSeries).count() == 0

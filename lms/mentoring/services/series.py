"""Sessions that repeat every week or two until a day; moved or ended together.

The hour on the wall stays the same all along, also where clocks change in between.
"""

from datetime import date, time
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from lms import events
from lms.cohorts.models import Enrolment
from lms.foundation.clock import now
from lms.foundation.db import db
from lms.foundation.errors import Refused
from lms.foundation.i18n import gettext as _
from lms.mentoring.models import MeetingSeries, Session, SessionKind, SessionState
from lms.mentoring.services.keeping import add, hold
from lms.mentoring.services.meetings import check_free, new_session
from lms.mentoring.slots import on_the_wall, repeats


def plan_series(
    enrolment: Enrolment,
    *,
    kind: SessionKind,
    day: date,
    hour: time,
    minutes: int,
    every_weeks: int,
    until: date,
    by: Any,
) -> MeetingSeries:
    """Agree on sessions that repeat from that day on."""
    days = repeats(day, every_weeks, until)
    if len(days) < 2:
        raise Refused(_("Until that day there is only one session. Choose a later one, or do not repeat it."))
    series = MeetingSeries(
        enrolment=enrolment,
        firm_id=enrolment.firm_id,
        host_id=by.id,
        kind=kind,
        minutes=minutes,
        every_weeks=every_weeks,
        until=days[-1],
        created_at=now(),
    )
    add(series)
    for one in days:
        starts_at = _moment(one, hour, enrolment)
        check_free(by.id, starts_at, minutes)
        new_session(
            enrolment, kind=kind, starts_at=starts_at, minutes=minutes, host_id=by.id, series_id=series.id
        )
    _tell(series, events.SeriesPlanned, by)
    return series


def sessions_ahead(series: MeetingSeries) -> list[Session]:
    """What is still to come of a series, next one first."""
    ahead = select(Session).where(
        Session.series_id == series.id, Session.state == SessionState.PLANNED, Session.starts_at > now()
    )
    return list(db.session.scalars(ahead.order_by(Session.starts_at)))


def move_series(series: MeetingSeries, day: date, hour: time, *, by: Any) -> None:
    """Have the next session on another day and hour, and all that follow as many days later or earlier."""
    hold(series.host_id)
    ahead = sessions_ahead(series)
    if not ahead:
        raise Refused(_("Nothing of this series is still to come."))
    zone = ZoneInfo(series.enrolment.cohort.time_zone)
    shift = day - ahead[0].starts_at.astimezone(zone).date()
    for session in ahead:
        session.starts_at = _moment(session.starts_at.astimezone(zone).date() + shift, hour, series.enrolment)
        session.sequence += 1
    if ahead[0].starts_at <= now():
        raise Refused(_("Choose a time that is still to come."))
    series.until += shift
    db.session.flush()
    _tell(series, events.SeriesPlanned, by)


def end_series(series: MeetingSeries, *, by: Any) -> None:
    """Call off everything that is still to come."""
    ahead = sessions_ahead(series)
    if series.ended_at is not None or not ahead:
        raise Refused(_("Nothing of this series is still to come."))
    for session in ahead:
        session.state, session.closed_at = SessionState.CANCELLED, now()
        session.sequence += 1
    series.ended_at = now()
    db.session.flush()
    _tell(series, events.SeriesEnded, by, ahead)


def _moment(day: date, hour: time, enrolment: Enrolment):
    moment = on_the_wall(day, hour, enrolment.cohort.time_zone)
    if moment is None:
        raise Refused(_("On %(day)s clocks leave that hour out. Choose another hour.", day=day.isoformat()))
    return moment


def _tell(series: MeetingSeries, event: type, by: Any, sessions: list[Session] | None = None) -> None:
    sessions = sessions_ahead(series) if sessions is None else sessions
    events.publish(
        event(
            actor_id=by.id,
            enrolment_id=series.enrolment_id,
            firm_id=series.firm_id,
            series_id=series.id,
            session_ids=[session.id for session in sessions],
        )
    )

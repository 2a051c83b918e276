"""Follow-ups: planned when a firm graduates, asked by letter, answered by link or in the firm's own pages."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from lms import events
from lms.accounts.models import User
from lms.cohorts.models import Cohort, Enrolment, EnrolmentState
from lms.cohorts.schedule import programme_months
from lms.followups.models import Asked, Cell, FollowUp, FollowUpLink
from lms.followups.rules import MONTHS_AFTER, Selling, State, letter_is_due, windows
from lms.foundation import tokens
from lms.foundation.clock import now, today
from lms.foundation.db import db
from lms.foundation.errors import Refused
from lms.foundation.i18n import gettext as _
from lms.sales import months
from lms.sales import services as sales
from lms.sales.models import Channel, Figure

# In one minute one does not fill in more columns than this.
MOST_CHANNELS = 3


@dataclass(frozen=True, kw_only=True)
class Count:
    """How many follow-ups of a kind were due so far and how many of those were answered."""

    months_after: int
    due: int
    answered: int


# Verbs


def plan(enrolment: Enrolment) -> None:
    """Plan the three follow-ups of a firm that graduated; those that were cancelled are asked again."""
    known = {one.months_after: one for one in follow_ups_of(enrolment.id, cancelled=True)}
    cohort = enrolment.cohort
    course = programme_months(cohort.starts_on, cohort.course_version.weeks, enrolment.paused_days)
    for window in windows(course[-1]):
        if window.months_after in known:
            known[window.months_after].cancelled_at = None
            continue
        db.session.add(
            FollowUp(
                enrolment_id=enrolment.id,
                firm_id=enrolment.firm_id,
                months_after=window.months_after,
                first=window.first,
                last=window.last,
                opens_on=window.opens_on,
                closes_on=window.closes_on,
                letters=[],
            )
        )


def cancel(enrolment: Enrolment) -> None:
    """It did not graduate after all: nothing that is still open is asked any more."""
    for follow_up in follow_ups_of(enrolment.id):
        if follow_up.answered_at is None:
            follow_up.cancelled_at = now()


def ask_due(follow_up: FollowUp) -> None:
    """Write to the firm's people if a letter is due; a firm whose books know every month is left in peace."""
    day = today(follow_up.enrolment.cohort.time_zone)
    if follow_up.cancelled_at or follow_up.state_on(day) is not State.OPEN:
        return
    if not asked_of(follow_up).months:
        follow_up.answered_at = now()
        return
    letters = [date.fromisoformat(one) for one in follow_up.letters]
    if not letter_is_due(day, follow_up.opens_on, letters):
        return
    follow_up.letters = [*follow_up.letters, day.isoformat()]
    for person in _people(follow_up):
        secret = make_link(follow_up, person)
        events.publish(
            events.FollowUpAsked(
                actor_id=None, follow_up_id=follow_up.id, user_id=person.id, link_secret=secret
            )
        )


def make_link(follow_up: FollowUp, person: User, *, by: Any = None) -> str:
    """A new secret for that person; earlier ones go on working until the follow-up is answered.

    Raises Refused while it is not open, and for somebody who is not of the firm.
    """
    if not is_open(follow_up):
        raise Refused(_("This form is not open now."))
    if person.id not in {one.id for one in _people(follow_up)}:
        raise Refused(_("Choose somebody of the firm."))
    token = tokens.new_token()
    db.session.add(
        FollowUpLink(
            follow_up_id=follow_up.id,
            user_id=person.id,
            token_hash=tokens.hash_token(token),
            made_at=now(),
            made_by_id=by.id if by else None,
        )
    )
    if by is not None:
        events.publish(
            events.FollowUpLinkMade(
                actor_id=by.id, follow_up_id=follow_up.id, firm_id=follow_up.firm_id, user_id=person.id
            )
        )
    return token


def answer(follow_up: FollowUp, amounts: Mapping[Cell, Decimal | None], selling: Selling, *, by: Any) -> None:
    """Keep what somebody of the firm says; None is "I do not know".

    Raises Refused when it was answered or closed meanwhile, or a month does not let itself be written.
    """
    db.session.refresh(follow_up, with_for_update={"of": FollowUp})
    if not is_open(follow_up):
        raise Refused(_("This form is not open now."))
    wanted = asked_of(follow_up)
    for month in wanted.months:
        said = {
            channel: sales.Report(amounts[channel, month])
            for channel in wanted.channels
            if (channel, month) in amounts
        }
        if said:
            sales.report_month(follow_up.enrolment, month, said, by=by)
    follow_up.selling, follow_up.answered_at, follow_up.answered_by_id = selling, now(), by.id
    events.publish(
        events.FollowUpAnswered(
            actor_id=by.id,
            enrolment_id=follow_up.enrolment_id,
            firm_id=follow_up.firm_id,
            follow_up_id=follow_up.id,
        )
    )


# Questions


def find_link(token: str) -> FollowUpLink | None:
    """The link of that secret, whose person is still of the firm and not suspended."""
    found = db.session.scalar(select(FollowUpLink).where(FollowUpLink.token_hash == tokens.hash_token(token)))
    if found is None or found.user_id not in {one.id for one in _people(found.follow_up)}:
        return None
    return found


def is_open(follow_up: FollowUp) -> bool:
    day = today(follow_up.enrolment.cohort.time_zone)
    return follow_up.cancelled_at is None and follow_up.state_on(day) is State.OPEN


def asked_of(follow_up: FollowUp) -> Asked:
    """The months without any figure, and the channels in which the firm sold last."""
    span = months.months_between(follow_up.first, follow_up.last)
    rows = db.session.execute(
        select(Figure.channel, Figure.month)
        .where(Figure.firm_id == follow_up.firm_id, Figure.gross.is_not(None))
        .order_by(Figure.month.desc(), Figure.gross.desc(), Figure.id)
    ).all()
    channels = list(dict.fromkeys(channel for channel, _month in rows))[:MOST_CHANNELS]
    answered = set(
        db.session.scalars(
            select(Figure.month).where(Figure.firm_id == follow_up.firm_id, Figure.month.in_(span))
        )
    )
    return Asked(
        months=[month for month in span if month not in answered],
        channels=channels or [Channel.SOCIAL, Channel.COUNTER],
    )


def follow_ups_of(enrolment_id: int, *, cancelled: bool = False) -> list[FollowUp]:
    """The follow-ups of a firm, earliest first."""
    found = select(FollowUp).where(FollowUp.enrolment_id == enrolment_id).order_by(FollowUp.months_after)
    return list(db.session.scalars(found if cancelled else found.where(FollowUp.cancelled_at.is_(None))))


def open_for(enrolment: Enrolment) -> FollowUp | None:
    """The follow-up that a firm can answer today."""
    if enrolment.state is not EnrolmentState.GRADUATED:
        return None
    return next((one for one in follow_ups_of(enrolment.id) if is_open(one)), None)


def of_cohort(cohort: Cohort) -> dict[Enrolment, list[FollowUp]]:
    """The follow-ups of a cohort's firms, by firm name."""
    rows = db.session.scalars(
        select(FollowUp)
        .join(Enrolment, Enrolment.id == FollowUp.enrolment_id)
        .where(Enrolment.cohort_id == cohort.id, FollowUp.cancelled_at.is_(None))
        .options(joinedload(FollowUp.enrolment).joinedload(Enrolment.firm))
        .order_by(FollowUp.months_after)
    )
    found: dict[Enrolment, list[FollowUp]] = {}
    for row in sorted(rows, key=lambda one: one.enrolment.firm.name):
        found.setdefault(row.enrolment, []).append(row)
    return found


def counts(cohorts: Collection[Cohort]) -> list[Count]:
    """How many of these cohorts' follow-ups were due so far and how many were answered: who fell silent."""
    zones = {cohort.id: cohort.time_zone for cohort in cohorts}
    rows = db.session.execute(
        select(FollowUp.months_after, FollowUp.opens_on, FollowUp.answered_at, Enrolment.cohort_id)
        .join(Enrolment, Enrolment.id == FollowUp.enrolment_id)
        .where(Enrolment.cohort_id.in_(zones), FollowUp.cancelled_at.is_(None))
    ).all()
    due = [row for row in rows if row.answered_at or row.opens_on <= today(zones[row.cohort_id])]
    return counted([(row.months_after, row.answered_at is not None) for row in due])


def counted(due: Sequence[tuple[int, bool]]) -> list[Count]:
    """The counts of follow-ups that were due: (months after, answered)."""
    return [
        Count(
            months_after=after,
            due=sum(one == after for one, _answered in due),
            answered=sum(one == after and answered for one, answered in due),
        )
        for after in MONTHS_AFTER
    ]


def _people(follow_up: FollowUp) -> list[User]:
    """Who of the firm may be asked."""
    return [person for person in follow_up.enrolment.firm.people if person.suspended_at is None]

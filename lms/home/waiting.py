"""The rows of a trainer's or mentor's first page, gathered from the rooms that know, in a fixed number of
queries."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from lms.assignments import services as assignments
from lms.cohorts import services as cohorts
from lms.cohorts.models import AT_WORK, Enrolment, EnrolmentState
from lms.foundation.clock import now, today
from lms.foundation.i18n import gettext as _
from lms.foundation.i18n import ngettext
from lms.home import words
from lms.home.today import Kind, Row
from lms.mentoring import services as mentoring
from lms.mentoring.models import SessionKind
from lms.permissions import Role
from lms.standing import services as standing
from lms.standing.attention import ASKED_FOR_HELP, awake, reasons
from lms.standing.services import Standing
from lms.standing.words import reason_in_words

DAYS_AHEAD = timedelta(days=7)


@dataclass(frozen=True, kw_only=True)
class Today:
    """A trainer's or mentor's page: what waits, the plan for the weeks that came, and how the firms do."""

    rows: list[Row]
    plan: list[tuple[Any, list[Standing]]]
    standings: list[Standing]
    active: int
    on_track: int


def trainer_today(person: Any) -> Today:
    """What waits for this person. Trainers look after the firms they mentor and review for whole cohorts."""
    visible = cohorts.enrolments_visible_to(person).where(Enrolment.state.in_(AT_WORK))
    if person.role is Role.TRAINER:
        visible = visible.where(Enrolment.mentor_id == person.id)
    standings = standing.standings_of_enrolments(visible.with_only_columns(Enrolment.id))
    active = [one for one in standings if one.state == EnrolmentState.ACTIVE]
    rows = [*_asked_and_promised(person, standings), *_in_need(standings)]
    if person.role is not Role.MENTOR:
        rows += [*_to_review(person), *_more_days(person)]
    return Today(
        rows=rows,
        plan=_plan(active, person),
        standings=standings,
        active=len(active),
        on_track=sum(not reasons(one, today(one.time_zone)) for one in active),
    )


def _asked_and_promised(person: Any, standings: list[Standing]) -> Iterator[Row]:
    """Calls for help, promises and sessions of these firms, and the group sessions that this person holds."""
    people = {one.enrolment_id: one.person for one in standings}
    sessions = defaultdict(list)
    for one in mentoring.waiting_for(person, now() + DAYS_AHEAD):
        if one.kind is mentoring.WaitKind.SESSION:
            if one.enrolment_id in people or one.host_id == person.id:
                sessions[_meeting(one)].append(one)
        elif one.enrolment_id not in people:
            continue
        elif one.kind is mentoring.WaitKind.HELP:
            yield _help(one)
        # A firm that is paused is not asked for what it promised; what it asks itself is answered.
        elif not one.is_paused and one.since <= today(one.time_zone):
            yield _promise(one, people[one.enrolment_id])
    for together in sessions.values():
        yield _session(together, people.get(together[0].enrolment_id, ""))


def _meeting(one: mentoring.Waiting) -> tuple:
    """What the sessions of one group session have in common."""
    is_group = one.word == SessionKind.CLINIC
    return (one.cohort_id, one.host_id, one.since) if is_group else (one.id,)


def _help(one: mentoring.Waiting) -> Row:
    about = _("Asked for help with “%(what)s”", what=one.about) if one.about else _("Asked for help")
    return Row(
        kind=Kind.HELP,
        cohort_id=one.cohort_id,
        enrolment_id=one.enrolment_id,
        firm=one.firm,
        person=one.person,
        reasons=(about,),
        since=one.since,
        detail=one.text,
        opens="mentoring.help_request",
        values={"help_request_id": one.id},
    )


def _promise(one: mentoring.Waiting, person: str) -> Row:
    said = (
        _("The firm promised: %(what)s", what=one.text)
        if one.word == "firm"
        else _("You promised: %(what)s", what=one.text)
    )
    return Row(
        kind=Kind.PROMISE,
        cohort_id=one.cohort_id,
        enrolment_id=one.enrolment_id,
        firm=one.firm,
        person=person,
        reasons=(said,),
        since=one.since,
        opens="home.firm_page",
        values={"enrolment_id": one.enrolment_id, "_anchor": "actions"},
    )


def _session(together: list[mentoring.Waiting], person: str) -> Row:
    """One session, or the sessions of one group session as one row; what is over waits for its attendance."""
    first = together[0]
    is_over = first.since + timedelta(minutes=first.minutes) < now()
    is_group = len(together) > 1
    kind = words.session_kinds()[SessionKind(first.word)]
    firms = ngettext("%(num)s firm", "%(num)s firms", len(together))
    return Row(
        kind=Kind.ATTENDANCE if is_over else Kind.SESSION,
        cohort_id=first.cohort_id,
        enrolment_id=None if is_group else first.enrolment_id,
        firm=first.cohort if is_group else first.firm,
        person=firms if is_group else person,
        reasons=(kind,),
        since=first.since,
        opens="mentoring.hold_clinic" if is_over and is_group else "mentoring.hold_session",
        values={"session_id": first.id},
    )


def _in_need(standings: list[Standing]) -> Iterator[Row]:
    """Firms that need someone, most reasons first; who asked for help stands above with what was asked."""
    for one in standings:
        found = awake(one, today(one.time_zone))
        why = [reason for reason in found if reason.key != ASKED_FOR_HELP]
        if why:
            yield Row(
                kind=Kind.ATTENTION,
                cohort_id=one.cohort_id,
                enrolment_id=one.enrolment_id,
                firm=one.firm_name,
                person=one.person,
                reasons=tuple(reason_in_words(reason) for reason in why),
                since=min(reason.since for reason in why),
                weight=len(why),
                contacted_at=one.last_contact_at,
                opens="mentoring.note_contact",
                values={"enrolment_id": one.enrolment_id},
            )


def _to_review(person: Any) -> Iterator[Row]:
    for work in assignments.queue_for(person):
        flags = (
            _("Came late") if work.late else "",
            _("%(name)s is reviewing it", name=work.claimed_by) if work.claimed_by else "",
        )
        yield Row(
            kind=Kind.REVIEW,
            cohort_id=work.cohort_id,
            enrolment_id=work.enrolment_id,
            firm=work.firm,
            person=work.person,
            reasons=(_("Handed in “%(what)s”", what=work.brief),),
            since=work.handed_in_at,
            flags=tuple(flag for flag in flags if flag),
            opens="assignments.review_submission",
            values={"submission_id": work.submission_id},
        )


def _more_days(person: Any) -> Iterator[Row]:
    for asked in assignments.requests_for(person):
        extension: Any = asked.extension
        yield Row(
            kind=Kind.DAYS,
            cohort_id=extension.cohort_id,
            enrolment_id=extension.enrolment_id,
            firm=extension.enrolment.firm.name,
            person=extension.asked_by.name,
            reasons=(_("Asks for more days for “%(what)s”", what=asked.brief.title),),
            since=extension.asked_at,
            detail=extension.asked_because,
            opens="assignments.answer_days",
            values={"extension_id": extension.id},
        )


def _plan(active: list[Standing], person: Any) -> list[tuple[Any, list[Standing]]]:
    """The steps of the connection plan whose week has come, with the firms that wait for each."""
    own = {one.enrolment_id: one for one in active if one.mentor_id == person.id}
    weeks: dict[int, dict[int, int]] = defaultdict(dict)
    for one in own.values():
        weeks[one.cohort_id][one.enrolment_id] = one.week_now
    steps = mentoring.waiting_steps(weeks) if weeks else []
    return [(step, [own[key] for key in waiting]) for step, waiting in steps]

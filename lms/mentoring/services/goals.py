"""The goal of a firm and the ground rules of its mentoring: written by one side, agreed by the other."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from lms import events
from lms.cohorts.models import Enrolment
from lms.foundation.clock import now
from lms.foundation.db import db
from lms.foundation.errors import Refused
from lms.foundation.i18n import gettext as _
from lms.mentoring.models import ActionOwner, Goal
from lms.mentoring.services.keeping import add, note_firm_activity


def side_of(person: Any, enrolment: Enrolment) -> ActionOwner:
    """On which side of the table somebody sits: with the firm, or with those who go with it."""
    return ActionOwner.FIRM if person.firm_id == enrolment.firm_id else ActionOwner.MENTOR


def goals_of(enrolment: Enrolment) -> list[Goal]:
    """Every goal a firm had, newest first: the first one holds."""
    written = select(Goal).where(Goal.enrolment_id == enrolment.id).order_by(Goal.id.desc())
    return list(db.session.scalars(written.options(joinedload(Goal.written_by), joinedload(Goal.agreed_by))))


def goal_of(enrolment: Enrolment) -> Goal | None:
    return db.session.scalars(
        select(Goal).where(Goal.enrolment_id == enrolment.id).order_by(Goal.id.desc()).limit(1)
    ).first()


def write_goal(enrolment: Enrolment, text: str, ground_rules: str, *, by: Any) -> Goal:
    """Say anew what firm and mentor want to reach; the other side has to agree again."""
    text, ground_rules = text.strip(), ground_rules.strip()
    if not text:
        raise Refused(_("Write the goal in one sentence."))
    present = goal_of(enrolment)
    if present is not None and (present.text, present.ground_rules) == (text, ground_rules):
        return present
    goal = Goal(
        enrolment=enrolment,
        firm_id=enrolment.firm_id,
        text=text,
        ground_rules=ground_rules,
        side=side_of(by, enrolment),
        written_by_id=by.id,
        written_at=now(),
    )
    add(goal)
    note_firm_activity(enrolment, by)
    _tell(goal, by)
    return goal


def agree_to_goal(goal: Goal, *, by: Any) -> None:
    """The other side agrees. Agreeing twice changes nothing; nobody agrees with themselves."""
    if goal.agreed_at is not None:
        return
    newest = goal_of(goal.enrolment)
    if newest is None or newest.id != goal.id:
        raise Refused(_("The goal was changed meanwhile. Read it again."))
    if side_of(by, goal.enrolment) is goal.side:
        raise Refused(_("The other side has to agree: you wrote this."))
    goal.agreed_by_id, goal.agreed_at = by.id, now()
    note_firm_activity(goal.enrolment, by)
    db.session.flush()
    _tell(goal, by)


def _tell(goal: Goal, by: Any) -> None:
    events.publish(
        events.GoalChanged(
            actor_id=by.id,
            enrolment_id=goal.enrolment_id,
            firm_id=goal.firm_id,
            goal_id=goal.id,
            agreed=goal.agreed_at is not None,
        )
    )

"""The life of an enrolment: who mentors it, pauses that move its dates, leaving and coming back."""

from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import selectinload
from sqlalchemy.orm.attributes import set_committed_value

from lms import events
from lms.accounts import services as accounts
from lms.accounts.models import Firm, Membership, User
from lms.accounts.rfc import read_rfc
from lms.cohorts.models import AT_WORK, Cohort, Enrolment, EnrolmentState
from lms.cohorts.schedule import total_paused_days
from lms.cohorts.services.reach import enrolments_visible_to
from lms.foundation.clock import now, today
from lms.foundation.db import db
from lms.foundation.errors import Refused
from lms.foundation.i18n import gettext as _

COUNTED = (EnrolmentState.INVITED, *AT_WORK)


def enrolments_of(cohort: Cohort) -> list[Enrolment]:
    """The cohort's enrolments with firm, people and mentor at hand, by the firm's name."""
    of_cohort = (
        select(Enrolment).join(Enrolment.firm).where(Enrolment.cohort_id == cohort.id).order_by(Firm.name)
    )
    at_hand = (
        selectinload(Enrolment.firm).selectinload(Firm.memberships).selectinload(Membership.user),
        selectinload(Enrolment.mentor),
    )
    return list(db.session.scalars(of_cohort.options(*at_hand)))


def paused_days_today(enrolment: Enrolment) -> int:
    """How far every date of the firm has moved until now."""
    day = today(enrolment.cohort.time_zone)
    return total_paused_days(enrolment.paused_days, enrolment.paused_on, day)


# States


def pause(enrolment: Enrolment, *, reason: str, by: Any) -> None:
    """Stop the clock for a firm; when it returns all its dates have moved together."""
    if enrolment.state is not EnrolmentState.ACTIVE:
        raise Refused(_("Only a firm at work can pause."))
    enrolment.paused_on = today(enrolment.cohort.time_zone)
    _change(enrolment, EnrolmentState.PAUSED, reason, by)


def resume(enrolment: Enrolment, *, by: Any) -> None:
    """Go on after a pause, or come back after leaving."""
    if enrolment.state not in (EnrolmentState.PAUSED, EnrolmentState.WITHDRAWN):
        raise Refused(_("This firm is neither paused nor gone."))
    _end_pause(enrolment)
    enrolment.ended_at = None
    _change(enrolment, EnrolmentState.ACTIVE if enrolment.started_at else EnrolmentState.INVITED, "", by)


def withdraw(enrolment: Enrolment, *, reason: str, by: Any) -> None:
    """The firm leaves the cohort; its work stays and its open invitations stop working."""
    if enrolment.state not in COUNTED:
        raise Refused(_("This firm has finished or left already."))
    if not reason.strip():
        raise Refused(_("Write why the firm leaves."))
    _end_pause(enrolment)
    enrolment.ended_at = now()
    if enrolment.started_at is None:
        for invitation in accounts.pending_invitations([enrolment.firm_id])[enrolment.firm_id]:
            accounts.revoke(invitation, by=by)
    _change(enrolment, EnrolmentState.WITHDRAWN, reason, by)


def finish(enrolment: Enrolment, *, graduated: bool, by: Any) -> None:
    """What the graduation decided, as the state of the enrolment. It may be decided again."""
    if enrolment.state in (EnrolmentState.INVITED, EnrolmentState.WITHDRAWN):
        raise Refused(_("This firm is not at work in the cohort."))
    _end_pause(enrolment)
    enrolment.ended_at = now()
    state = EnrolmentState.GRADUATED if graduated else EnrolmentState.NOT_GRADUATED
    _change(enrolment, state, "", by)


def note_activity(enrolment: Enrolment) -> None:
    """Somebody of the firm did something just now.

    Straight to its row: one changed object makes the unit of work look through all that hangs on it, and this
    happens with nearly everything that a firm does.
    """
    moment = now()
    db.session.execute(_ACTIVITY, {"enrolment": enrolment.id, "moment": moment})
    set_committed_value(enrolment, "last_activity_at", moment)


_TABLE = Enrolment.__table__
_ACTIVITY = (
    update(_TABLE).where(_TABLE.c.id == bindparam("enrolment")).values(last_activity_at=bindparam("moment"))
)


def start(enrolment: Enrolment, *, by: Any) -> None:
    """The first acceptance turns an invited firm into one at work."""
    if enrolment.state is EnrolmentState.INVITED:
        enrolment.started_at = now()
        _change(enrolment, EnrolmentState.ACTIVE, "", by)


def _end_pause(enrolment: Enrolment) -> None:
    enrolment.paused_days = paused_days_today(enrolment)
    enrolment.paused_on = None


def _change(enrolment: Enrolment, state: EnrolmentState, reason: str, by: Any) -> None:
    enrolment.state, enrolment.reason = state, reason.strip()
    db.session.flush()
    changed = events.EnrolmentChanged(
        actor_id=by.id,
        enrolment_id=enrolment.id,
        firm_id=enrolment.firm_id,
        state=state.value,
        reason=enrolment.reason,
    )
    events.publish(changed)


# Firms


def set_rfc(firm: Firm, text: str, *, by: Any) -> None:
    """Give a firm its RFC: invoices are recognised by it. Raises Refused when it cannot be this firm's."""
    found = read_rfc(text)
    if found is None:
        raise Refused(_("Write the firm's RFC."))
    owner = accounts.firm_with_rfc(found.number)
    if owner is not None and owner.id != firm.id:
        raise Refused(_("Another firm has this RFC already. Look at it once more."))
    firm.rfc = found.number
    db.session.flush()
    events.publish(events.FirmChanged(actor_id=by.id, firm_id=firm.id, what="rfc"))


# Links


def make_member_link(enrolment: Enrolment, user: User, *, by: Any) -> str:
    """A one-time link to enter, for a member of the firm; gives its token.

    The link opens everything the person may see, so whoever makes it must reach all their firms.
    """
    firm_ids = {firm.id for firm in accounts.firms_of(user.id)}
    reached = select(Enrolment.firm_id).where(Enrolment.firm_id.in_(firm_ids))
    mine = (
        enrolments_visible_to(by).with_only_columns(Enrolment.firm_id).where(Enrolment.firm_id.in_(firm_ids))
    )
    if enrolment.firm_id not in firm_ids:
        raise Refused(_("This person is no longer in the firm."))
    if set(db.session.scalars(reached)) - set(db.session.scalars(mine)):
        raise Refused(
            _("This person works for a firm of another cohort too. They enter with a code by e-mail.")
        )
    return accounts.make_link(user, by=by)

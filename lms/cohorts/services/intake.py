"""Bringing firms in: what is checked before one is invited, the invitation itself, and its acceptance."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from lms import events
from lms.accounts import services as accounts
from lms.accounts.models import Firm, Invitation, Membership, Sector, User
from lms.accounts.rfc import Rfc, read_rfc
from lms.cohorts.catalogues import STATES, time_zone_of
from lms.cohorts.models import Cohort, Enrolment, EnrolmentState, Purpose
from lms.cohorts.services import consents
from lms.cohorts.services.enrolments import start
from lms.cohorts.services.programmes import current_notice
from lms.cohorts.shapes import FirmData
from lms.foundation.clock import now
from lms.foundation.db import db
from lms.foundation.errors import Gone, Refused
from lms.foundation.i18n import gettext as _
from lms.permissions import Role

LONGEST = 120


@dataclass(frozen=True)
class Problem:
    """What is wrong with one column (`name`, `rfc`, …), and what to do about it."""

    column: str
    text: str


@dataclass
class Checked:
    """What came of checking one firm. Without problems it can be invited; warnings are to be looked at."""

    data: FirmData
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    rfc: Rfc | None = None


class Register:
    """What the house knows already of some firms and addresses, read at once for any number of rows."""

    def __init__(self, cohort: Cohort, all_data: Iterable[FirmData]) -> None:
        emails = {accounts.clean_email(data.email) for data in all_data}
        self.users = {
            user.email: user for user in db.session.scalars(select(User).where(User.email.in_(emails)))
        }
        enrolled = (
            select(Firm).join(Enrolment, Enrolment.firm_id == Firm.id).where(Enrolment.cohort_id == cohort.id)
        )
        self.enrolled = {firm.id: firm for firm in db.session.scalars(enrolled)}
        self.names = {firm.name.casefold() for firm in self.enrolled.values()}
        self.taken = self._addresses_in_the_cohort()

    def _addresses_in_the_cohort(self) -> dict[str, str]:
        """The addresses of the cohort's people, and of those invited, with the name of their firm."""
        members = (
            select(User.email, Membership.firm_id)
            .join(Membership, Membership.user_id == User.id)
            .where(Membership.firm_id.in_(self.enrolled), Membership.ended_at.is_(None))
        )
        taken = {email: self.enrolled[firm_id].name for email, firm_id in db.session.execute(members)}
        for firm_id, invitations in accounts.pending_invitations(list(self.enrolled)).items():
            taken |= {invitation.email: self.enrolled[firm_id].name for invitation in invitations}
        return taken


def check_firm(data: FirmData, register: Register) -> Checked:
    """Look at everything that is written, and name every problem at once."""
    checked = Checked(data)
    _check_words(checked)
    _check_rfc(checked, register)
    _check_email(checked, register)
    if data.name.casefold() in register.names:
        _warn(
            checked,
            "name",
            _("There is a firm called like this in the cohort. Check that it is another one."),
        )
    return checked


def invite_firm(cohort: Cohort, data: FirmData, *, by: Any) -> Enrolment:
    """Enrol a firm as invited and write to its first person. Raises Refused with the first problem."""
    checked = check_firm(data, Register(cohort, [data]))
    if checked.problems:
        raise Refused(checked.problems[0].text)
    return enrol(cohort, checked, by=by)


def enrol(cohort: Cohort, checked: Checked, *, by: Any) -> Enrolment:
    """Write a firm that was checked and found without problems."""
    require_open(cohort)
    data = checked.data
    firm = accounts.firm_with_rfc(checked.rfc.number) if checked.rfc else None
    if firm is None:
        firm = accounts.make_firm(
            name=data.name,
            sector=data.sector or Sector(cohort.course_version.course.sector),
            rfc=checked.rfc.number if checked.rfc else None,
            state=data.state or "",
            city=data.city,
            time_zone=time_zone_of(data.state or ""),
            invented=cohort.programme.invented,
        )
    enrolment = Enrolment(
        cohort_id=cohort.id, firm_id=firm.id, state=EnrolmentState.INVITED, paused_days=0, invited_at=now()
    )
    db.session.add(enrolment)
    db.session.flush()
    events.publish(events.FirmEnrolled(actor_id=by.id, enrolment_id=enrolment.id, firm_id=firm.id))
    accounts.invite(
        name=data.person, email=data.email, role=Role.MEMBER, firm_id=firm.id, kind=data.kind, by=by
    )
    return enrolment


def require_open(cohort: Cohort) -> None:
    if cohort.closed_at is not None:
        raise Refused(_("This cohort is closed. Open another one for new firms."))
    if current_notice(cohort.programme_id) is None:
        raise Refused(_("This programme has no privacy notice yet. An administrator writes it first."))


# Accepting


def enrolment_invited_to(invitation: Invitation) -> Enrolment | None:
    """The newest enrolment that an invitation's firm has not left, or None for staff. Raises Gone."""
    if invitation.firm_id is None:
        return None
    open_ones = select(Enrolment).where(
        Enrolment.firm_id == invitation.firm_id, Enrolment.state != EnrolmentState.WITHDRAWN
    )
    found = db.session.scalars(open_ones.order_by(Enrolment.id.desc()).limit(1)).first()
    if found is None:
        raise Gone
    return found


def accept(
    invitation: Invitation, *, notice_id: int | str = "", purposes: Collection[Purpose] = ()
) -> tuple[User, bool]:
    """Take up an invitation with what was agreed to under the notice that was read.

    Gives the person, and whether they may enter right now. Raises Gone.
    """
    enrolment, notice = enrolment_invited_to(invitation), None
    if enrolment is not None:
        notice = current_notice(enrolment.programme_id)
        if notice is None or str(notice.id) != str(notice_id):
            raise Refused(_("The privacy notice has changed since you opened this page. Read it once more."))
        if consents.NECESSARY not in purposes:
            raise Refused(_("Without your agreement to the training itself we cannot let you in."))
    user, may_enter = accounts.accept_invitation(invitation)
    if enrolment is not None and notice is not None:
        answers = {purpose: purpose in purposes for purpose in Purpose}
        consents.answer(user.id, enrolment.firm_id, notice, answers)
        start(enrolment, by=user)
    return user, may_enter


# What is looked at


def _check_words(checked: Checked) -> None:
    data = checked.data
    for column, text, missing in (
        ("name", data.name, _("Write the name of the firm.")),
        ("person", data.person, _("Write the name of the person who is invited.")),
    ):
        if not text.strip():
            _refuse(checked, column, missing)
        elif len(text) > LONGEST:
            _refuse(checked, column, _("This is too long: %(most)s letters at most.", most=LONGEST))
    if len(data.city) > LONGEST:
        _refuse(checked, "city", _("This is too long: %(most)s letters at most.", most=LONGEST))
    if data.sector is None:
        _refuse(checked, "sector", _("Write one of these: moda, calzado, muebles."))
    if data.state not in STATES:
        _refuse(checked, "state", _("Write the name of a state, for example Puebla."))
    if data.kind is None:
        _refuse(checked, "kind", _("Write one of these: dueña, responsable digital, personal."))


def _check_rfc(checked: Checked, register: Register) -> None:
    try:
        checked.rfc = read_rfc(checked.data.rfc)
    except Refused as refusal:
        _refuse(checked, "rfc", str(refusal))
        return
    if checked.rfc is None:
        return
    if checked.rfc.doubtful:
        _warn(
            checked,
            "rfc",
            _("The last character of this RFC does not add up. Check it; it can still be right."),
        )
    firm = accounts.firm_with_rfc(checked.rfc.number)
    if firm is None:
        return
    if firm.id in register.enrolled:
        _refuse(checked, "rfc", _("This RFC is in the cohort already, with %(firm)s.", firm=firm.name))
        return
    # A firm of another cohort is joined only through its own people: an RFC alone opens nobody's history.
    person = register.users.get(accounts.clean_email(checked.data.email))
    if person is None or not accounts.is_member(firm.id, person.id):
        _refuse(
            checked,
            "rfc",
            _("A firm with this RFC took part before. Invite it by the e-mail of one of its people."),
        )


def _check_email(checked: Checked, register: Register) -> None:
    # Imported here: it is slow to load, and only who invites firms needs it.
    from email_validator import EmailNotValidError, validate_email

    email = accounts.clean_email(checked.data.email)
    try:
        validate_email(email, check_deliverability=False)
    except EmailNotValidError:
        _refuse(checked, "email", _("Write the whole address, for example lupita@correo.mx"))
        return
    if email in register.taken:
        _refuse(
            checked,
            "email",
            _("This address is in the cohort already, with %(firm)s.", firm=register.taken[email]),
        )
        return
    if email in register.users:
        try:
            accounts.check_may_join(register.users[email])
        except Refused as refusal:
            _refuse(checked, "email", str(refusal))


def _refuse(checked: Checked, column: str, text: str) -> None:
    checked.problems.append(Problem(column, text))


def _warn(checked: Checked, column: str, text: str) -> None:
    checked.warnings.append(Problem(column, text))

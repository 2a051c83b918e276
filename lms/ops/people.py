"""Who of the invented people can be tried, and a way in for each: for the welcome, the sign-in page and the
tests."""

from collections import Counter
from dataclasses import asdict, dataclass

from sqlalchemy import func, select

from lms.accounts.models import Firm, Membership, User
from lms.cohorts.models import AT_WORK, Cohort, Enrolment, Programme, cohort_trainer, programme_lead
from lms.foundation.db import db
from lms.permissions import Role

# Where a running server leaves its address, for who makes links at the command line.
ADDRESS = "address"

LINE = "  {role:<9} {name:<34} {email:<36} {firm}"


@dataclass(frozen=True)
class Invented:
    """One invented person: `firm` and `cohort` are empty where they have none."""

    id: int
    email: str
    name: str
    role: str
    firm: str
    cohort: str


def invented_people() -> list[Invented]:
    """A few of every role: members of two firms of one cohort and of another, trainers, leads, a mentor,
    the admin."""
    found = [_members(), _trainers(), _mentors(), _leads(), _of_role(Role.ADMIN, 1)]
    return [person for people in found for person in people]


def as_objects() -> list[dict[str, str | int]]:
    """The same for `flask demo people --json`."""
    return [asdict(person) for person in invented_people()]


def welcome(address: str) -> str:
    """Lines that say who can sign in and how."""
    people = invented_people()
    lines = ["Invented people you can be (choose one on the sign-in page):"]
    lines += [LINE.format(role=p.role, name=p.name, email=p.email, firm=p.firm or p.cohort) for p in people]
    lines += ["", f"Sign in: {address}/sign-in", "Or make a link: ./manage flask people link EMAIL"]
    return "\n".join(lines)


def _members() -> list[Invented]:
    """Two people of each of two firms of one cohort, who compete, and one person of every other running
    cohort."""
    in_running = Enrolment.state.in_(AT_WORK) & Cohort.closed_at.is_(None)
    members = (
        select(
            User.id,
            User.email,
            User.name,
            User.role,
            Firm.name.label("firm"),
            Cohort.name.label("cohort"),
            Firm.id.label("firm_id"),
            Cohort.id.label("cohort_id"),
        )
        .join(Membership, Membership.user_id == User.id)
        .join(Firm, Firm.id == Membership.firm_id)
        .join(Enrolment, Enrolment.firm_id == Firm.id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(User.invented, User.suspended_at.is_(None), Membership.ended_at.is_(None), in_running)
        .order_by(Cohort.id, Firm.id, Membership.id)
    )
    chosen: list[Invented] = []
    taken: dict[int, Counter[int]] = {}
    for row in db.session.execute(members):
        firms = taken.setdefault(row.cohort_id, Counter())
        most_firms, most_people = (2, 2) if row.cohort_id == next(iter(taken)) else (1, 1)
        if firms[row.firm_id] < most_people and (row.firm_id in +firms or len(+firms) < most_firms):
            firms[row.firm_id] += 1
            chosen.append(Invented(row.id, row.email, row.name, row.role.value, row.firm, row.cohort))
    return chosen


def _trainers() -> list[Invented]:
    """The first two trainers of the first running cohort, and the first of every other."""
    teaching = (
        select(
            User.id,
            User.email,
            User.name,
            User.role,
            Cohort.id.label("cohort_id"),
            Cohort.name.label("cohort"),
        )
        .join(cohort_trainer, cohort_trainer.c.user_id == User.id)
        .join(Cohort, Cohort.id == cohort_trainer.c.cohort_id)
        .where(User.invented, Cohort.closed_at.is_(None))
        .order_by(Cohort.id, User.id)
    )
    taken: Counter[int] = Counter()
    chosen = []
    for row in db.session.execute(teaching):
        taken[row.cohort_id] += 1
        if taken[row.cohort_id] <= (2 if row.cohort_id == next(iter(taken)) else 1):
            chosen.append(Invented(row.id, row.email, row.name, row.role.value, "", row.cohort))
    return chosen


def _leads() -> list[Invented]:
    leading = (
        select(User.id, User.email, User.name, User.role, func.min(Programme.name).label("programme"))
        .join(programme_lead, programme_lead.c.user_id == User.id)
        .join(Programme, Programme.id == programme_lead.c.programme_id)
        .where(User.invented)
        .group_by(User.id, User.email, User.name, User.role)
        .order_by(User.id)
    )
    return [
        Invented(r.id, r.email, r.name, r.role.value, "", r.programme) for r in db.session.execute(leading)
    ]


def _mentors() -> list[Invented]:
    return _of_role(Role.MENTOR, 2)


def _of_role(role: Role, many: int) -> list[Invented]:
    people = (
        select(User)
        .where(User.role == role, User.invented, User.suspended_at.is_(None))
        .order_by(User.id)
        .limit(many)
    )
    return [Invented(u.id, u.email, u.name, u.role.value, "", "") for u in db.session.scalars(people)]

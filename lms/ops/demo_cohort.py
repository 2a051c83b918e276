"""An invented cohort: its firms, how diligent each is, and what follows from that week by week."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from lms.accounts.models import Firm, Membership, MembershipKind
from lms.cohorts.models import (
    Cohort,
    Consent,
    Enrolment,
    EnrolmentState,
    MentorPeriod,
    Purpose,
    cohort_trainer,
)
from lms.cohorts.rules import GraduationRules
from lms.curriculum.models import CourseVersion
from lms.foundation.db import db
from lms.foundation.storage import Stored
from lms.ops.demo_mentoring import add_attention_weeks, add_mentoring, add_plan
from lms.ops.demo_names import LAST, TOWNS, WORKSHOPS
from lms.ops.demo_people import add_person
from lms.ops.demo_rows import Rows
from lms.ops.demo_sales import add_sales
from lms.ops.demo_sheets import add_sheets
from lms.ops.demo_work import add_learning, add_sittings, add_tasks
from lms.permissions import Role

TEST_RFC = "EKU9003173C9"


@dataclass(frozen=True)
class Plan:
    """A cohort to invent: so many firms, started so many weeks ago on a Monday."""

    programme: str
    sector: str
    cohort: str
    firms: int
    weeks_ago: int

    @property
    def present_week(self) -> int:
        """The week the cohort is in; after the last one, the number goes on."""
        return self.weeks_ago + 1


@dataclass
class World:
    """What the pieces of the demonstration share while it is being written."""

    chance: Random
    rows: Rows
    now: datetime
    monday: date
    versions: dict[str, CourseVersion]
    pictures: dict[str, list[tuple[Stored, Stored]]]
    leads: dict[str, int] = field(default_factory=dict)
    trainers: dict[str, list[int]] = field(default_factory=dict)
    mentors: list[int] = field(default_factory=list)
    programmes: dict[str, int] = field(default_factory=dict)
    notices: dict[int, int] = field(default_factory=dict)
    admin: int = 0

    def days_ago(self, days: float) -> datetime:
        return self.now - timedelta(days=days)


@dataclass
class Case:
    """One invented firm in its cohort. `diligence` from 0 to 1 decides how much of everything it does;
    `is_tried` marks the ones that people look at first."""

    plan: Plan
    version: CourseVersion
    starts_on: date
    firm_id: int
    enrolment_id: int
    people: list[int]
    mentor_id: int
    trainers: list[int]
    state: EnrolmentState
    is_tried: bool
    diligence: float
    weeks_lived: int

    @property
    def common(self) -> dict[str, int]:
        return {"enrolment_id": self.enrolment_id, "firm_id": self.firm_id}

    @property
    def is_at_work(self) -> bool:
        return self.state in (EnrolmentState.ACTIVE, EnrolmentState.PAUSED)


def fill_cohort(world: World, plan: Plan) -> None:
    """The cohort with everything its firms did until today."""
    starts_on = world.monday - timedelta(weeks=plan.weeks_ago)
    cohort_id = world.rows.add(
        Cohort,
        programme_id=world.programmes[plan.programme],
        course_version_id=world.versions[plan.sector].id,
        name=plan.cohort,
        starts_on=starts_on,
        rules=GraduationRules().to_json(),
        created_at=world.days_ago(plan.weeks_ago * 7 + 45),
    )
    trainers = world.trainers[plan.cohort]
    for number in range(plan.firms):
        case = _add_firm(world, plan, cohort_id, starts_on, number)
        if case.state is EnrolmentState.INVITED:
            continue
        add_learning(world, case)
        add_sittings(world, case)
        add_tasks(world, case)
        add_mentoring(world, case)
        add_sales(world, case)
        add_sheets(world, case)
    if plan.weeks_ago < 16:
        add_plan(world, cohort_id, trainers)
        add_attention_weeks(world, cohort_id, plan)
    world.rows.write()
    db.session.execute(cohort_trainer.insert(), [{"cohort_id": cohort_id, "user_id": t} for t in trainers])


def _add_firm(world: World, plan: Plan, cohort_id: int, starts_on: date, number: int) -> Case:
    chance, trainers = world.chance, world.trainers[plan.cohort]
    surname = chance.choice(LAST)
    city, state_code, zone = chance.choice(TOWNS[plan.sector])
    firm_id = world.rows.add(
        Firm,
        name=f"{chance.choice(WORKSHOPS[plan.sector])} {surname} {number + 1}",
        # The tax authority's own test number, so that its sample invoices can be imported by somebody.
        rfc=TEST_RFC if number == 0 and plan.sector == "fashion" and plan.weeks_ago == 3 else None,
        sector=plan.sector,
        state=state_code,
        city=city,
        time_zone=zone,
        employees=chance.choice((2, 3, 4, 5, 6, 8, 12)),
        invented=True,
        created_at=world.days_ago(plan.weeks_ago * 7 + 40),
    )
    people = [add_person(world, Role.MEMBER) for _ in range(chance.choice((1, 2, 2, 2, 3)))]
    kinds = (MembershipKind.OWNER, MembershipKind.DIGITAL_LEAD, MembershipKind.STAFF)
    for person, kind in zip(people, kinds, strict=False):
        world.rows.add(
            Membership,
            firm_id=firm_id,
            user_id=person,
            kind=kind,
            joined_at=world.days_ago(plan.weeks_ago * 7 + 20),
        )
    state = _state(chance, plan, number)
    mentor_id = (
        world.mentors[number % 2]
        if number in (4, 5) and plan.weeks_ago == 3
        else trainers[number % len(trainers)]
    )
    enrolment_id = _enrol(world, plan, cohort_id, firm_id, mentor_id, state)
    since = world.days_ago(plan.weeks_ago * 7 + 15)
    world.rows.add(MentorPeriod, enrolment_id=enrolment_id, mentor_id=mentor_id, since=since)
    if state is not EnrolmentState.INVITED:
        _consent(world, plan, firm_id, people)
    weeks_lived = min(plan.present_week, 16)
    if state is EnrolmentState.WITHDRAWN:
        weeks_lived = min(weeks_lived, chance.randint(1, 6))
    return Case(
        plan=plan,
        version=world.versions[plan.sector],
        starts_on=starts_on,
        firm_id=firm_id,
        enrolment_id=enrolment_id,
        people=people,
        mentor_id=mentor_id,
        trainers=trainers,
        state=state,
        # They have something of everything.
        is_tried=number < 2,
        diligence=0.97 if number < 2 else min(1.0, max(0.1, chance.gauss(0.82, 0.17))),
        weeks_lived=weeks_lived,
    )


def _state(chance: Random, plan: Plan, number: int) -> EnrolmentState:
    if number < 2:
        return EnrolmentState.ACTIVE
    draw = chance.random()
    if draw < 0.07:
        return EnrolmentState.WITHDRAWN
    if plan.weeks_ago < 16 and draw < 0.10:
        return EnrolmentState.PAUSED
    if plan.weeks_ago < 16 and draw < 0.13:
        return EnrolmentState.INVITED
    return EnrolmentState.ACTIVE


def _enrol(
    world: World, plan: Plan, cohort_id: int, firm_id: int, mentor_id: int, state: EnrolmentState
) -> int:
    began = plan.weeks_ago * 7
    has_started = state is not EnrolmentState.INVITED
    withdrew = state is EnrolmentState.WITHDRAWN
    return world.rows.add(
        Enrolment,
        cohort_id=cohort_id,
        firm_id=firm_id,
        mentor_id=mentor_id,
        state=state,
        reason="Temporada alta de pedidos"
        if state is EnrolmentState.PAUSED
        else "Cerró el taller"
        if withdrew
        else "",
        invited_at=world.days_ago(began + 30),
        started_at=world.days_ago(began + 15) if has_started else None,
        ended_at=world.days_ago(max(1, began - 40)) if withdrew else None,
        paused_on=(world.now - timedelta(days=5)).date() if state is EnrolmentState.PAUSED else None,
        last_activity_at=world.days_ago(world.chance.choice((0, 0, 1, 1, 2, 3, 5, 9, 14)))
        if has_started
        else None,
    )


def _consent(world: World, plan: Plan, firm_id: int, people: list[int]) -> None:
    notice = world.notices[world.programmes[plan.programme]]
    for person in people:
        for purpose in Purpose:
            granted: Any = purpose is Purpose.TRAINING or world.chance.random() < 0.6
            world.rows.add(
                Consent,
                user_id=person,
                firm_id=firm_id,
                notice_id=notice,
                purpose=purpose,
                granted=granted,
                answered_at=world.days_ago(plan.weeks_ago * 7 + 15),
            )

"""The demonstration: an invented programme of 510 workshops, the same on every load, plainly marked as
invented."""

from datetime import date, timedelta
from random import Random

import click
from sqlalchemy import func, select

from lms import events
from lms.accounts.models import User
from lms.cohorts.models import Cohort, Enrolment, EnrolmentState
from lms.curriculum.models import Course, CourseVersion
from lms.followups import services as followups
from lms.followups.rules import Selling
from lms.foundation.clock import now, today
from lms.foundation.db import db, transaction
from lms.foundation.errors import Refused
from lms.graduation import services as graduation
from lms.graduation.models import Verdict
from lms.graduation.signing import Keys
from lms.ops.demo_cohort import Plan, World, fill_cohort
from lms.ops.demo_people import add_programmes, add_staff
from lms.ops.demo_pictures import keep_pictures
from lms.ops.demo_reviews import add_reviews
from lms.ops.demo_rows import Rows

SEED = 20260117
FINISHED_WEEKS_AGO = 36
EXCEPTIONS = 0.08
ANSWERED = 0.6
EXCEPTION = "Faltó por hospitalización; entregó todo después y la mentora lo revisó."

# Programme, sector, name of the cohort, firms, weeks since its start; the finished ones long enough ago to
# see after.
PLANS = (
    Plan("Polo Textil de Puebla (ejemplo)", "fashion", "Moda, primavera", 60, FINISHED_WEEKS_AGO),
    Plan("Polo Textil de Puebla (ejemplo)", "fashion", "Moda, grupo A de otoño", 60, 3),
    Plan("Polo Textil de Puebla (ejemplo)", "fashion", "Moda, grupo B de otoño", 80, 1),
    Plan("Polo del Mueble de Jalisco (ejemplo)", "furniture", "Muebles, primavera", 125, FINISHED_WEEKS_AGO),
    Plan("Polo del Mueble de Jalisco (ejemplo)", "furniture", "Muebles, otoño", 125, 2),
    Plan("Polo del Calzado de León (ejemplo)", "footwear", "Calzado, otoño", 60, 2),
)


def is_empty() -> bool:
    """Whether nobody uses this database yet."""
    empty = db.session.scalar(select(func.count(User.id))) == 0
    db.session.rollback()
    return empty


def load(keys: Keys) -> None:
    """Write the whole demonstration into an empty database; `keys` sign its certificates.

    Raises Refused when the database is not empty or has no course.
    """
    if not is_empty():
        raise Refused("The demonstration goes into an empty database only.")
    chance = Random(SEED)
    versions = _versions()
    with transaction():
        world = World(
            chance, Rows(), now(), _monday(today()), versions, {s: keep_pictures(s) for s in versions}
        )
        add_staff(world, PLANS)
        add_programmes(world, PLANS)
        with click.progressbar(PLANS, label="  firms, work and sales", show_eta=False) as plans:
            for plan in plans:
                fill_cohort(world, plan)
    click.echo(f"  {world.rows.written:,} rows of invented data")
    # Nobody invented is written to.
    with transaction(), events.silenced():
        _decide_finished_cohorts(chance, keys)
        add_reviews()
    with transaction():
        events.publish(events.InventionLoaded(actor_id=None))


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _versions() -> dict[str, CourseVersion]:
    newest = select(CourseVersion).join(Course).order_by(CourseVersion.number)
    found = {version.course.slug: version for version in db.session.scalars(newest)}
    missing = {plan.sector for plan in PLANS} - found.keys()
    if missing:
        raise Refused(f"Publish the courses first: {', '.join(sorted(missing))}")
    return found


def _decide_finished_cohorts(chance: Random, keys: Keys) -> None:
    """Decide through the same rules people use; a few exceptions, the rest did not graduate."""
    oldest = today() - timedelta(weeks=20)
    for cohort in db.session.scalars(select(Cohort).where(Cohort.starts_on < oldest)):
        lead = cohort.programme.leads[0]
        waiting = [one for one in graduation.candidates(cohort) if one.decision is None]
        ready = [one.standing.enrolment_id for one in waiting if one.is_ready]
        graduation.approve_ready(cohort, ready, by=lead, keys=keys)
        for candidate in waiting:
            if candidate.is_ready:
                continue
            enrolment = db.session.get_one(Enrolment, candidate.standing.enrolment_id)
            if chance.random() < EXCEPTIONS:
                graduation.decide(enrolment, Verdict.GRADUATED, EXCEPTION, by=lead, keys=keys)
            else:
                graduation.decide(enrolment, Verdict.NOT_GRADUATED, by=lead, keys=keys)
        cohort.closed_at = now()
        _ask_again(cohort, chance)


def _ask_again(cohort: Cohort, chance: Random) -> None:
    """Plan what is asked after the course; some firms have answered the first form already."""
    graduated = Enrolment.state == EnrolmentState.GRADUATED
    for enrolment in db.session.scalars(
        select(Enrolment).where(Enrolment.cohort_id == cohort.id, graduated).order_by(Enrolment.id)
    ):
        followups.plan(enrolment)
        first = followups.follow_ups_of(enrolment.id)[0]
        if followups.is_open(first) and chance.random() < ANSWERED:
            first.answered_at, first.selling = now() - timedelta(days=chance.randint(1, 9)), Selling.YES
            first.answered_by_id = enrolment.firm.people[0].id

"""The connection plan of a cohort: written by its lead, done by mentors firm by firm."""

import pytest

from lms.foundation.db import db
from lms.foundation.errors import Refused
from lms.mentoring import services
from lms.mentoring.models import PlanStep, PlanTick
from tests import build

# It is the fifth week of the cohort.


def path(cast):
    return f"/cohorts/{cast.cohort.id}/mentoring/plan"


def test_a_lead_begins_with_the_usual_plan_and_changes_it(cast, browser):
    lead = browser(cast.lead)
    lead.submit(path(cast), button="Usar el plan de siempre")
    assert len(services.steps_of(cast.cohort)) == 10
    lead.submit(path(cast), week="3", text="Ver sus fotos")
    page = lead.submit(path(cast), button="Quitar del plan")
    weeks = [step.week for step in services.steps_of(cast.cohort)]
    assert weeks == [1, 2, 3, 4, 6, 8, 10, 12, 14, 16] and "Ver sus fotos" in page.text
    assert db.session.query(PlanStep).count() == 11, "what was taken out stays on record"


def test_a_week_that_the_course_has_not_is_refused(cast, browser):
    page = browser(cast.lead).submit(path(cast), week="17", text="Algo")
    assert page.status == 422 and "0 a la 16" in page.text
    services.use_usual_plan(cast.cohort, by=cast.lead)
    with pytest.raises(Refused):
        services.use_usual_plan(cast.cohort, by=cast.lead)


def test_a_mentor_sees_what_is_due_and_ticks_it_off(cast, browser):
    now_due = services.add_step(cast.cohort, 5, "Primera publicación", by=cast.lead)
    services.add_step(cast.cohort, 6, "Costos", by=cast.lead)
    mentor = browser(cast.mentor)
    assert "Primera publicación" in mentor.get("/home").text and "Costos" not in mentor.get("/home").text
    page = mentor.submit("/mentoring/plan", button="Listo")
    assert "Listo con todas" in page.text
    tick = db.session.query(PlanTick).one()
    assert (tick.enrolment_id, tick.step_id, tick.user_id) == (
        cast.enrolment.id, now_due.id, cast.mentor.id,
    )  # fmt: skip
    assert "Primera publicación" not in mentor.get("/home").text
    mentor.submit("/mentoring/plan", button="Aún no")
    assert db.session.query(PlanTick).count() == 0


def test_nobody_ticks_for_firms_that_are_not_theirs_nor_steps_of_other_cohorts(cast, browser):
    step = services.add_step(cast.cohort, 1, "Llamar", by=cast.lead)
    other = services.add_step(cast.other_cohort, 1, "Llamar", by=cast.other_lead)
    for who in (cast.owner, cast.other_mentor, cast.other_trainer, cast.admin):
        assert browser(who).post(f"/enrolments/{cast.enrolment.id}/plan/{step.id}").status in (400, 404)
    with pytest.raises(Refused):
        services.tick_step(cast.enrolment, other.id, True, by=cast.mentor)
    assert db.session.query(PlanTick).count() == 0


def test_ticking_twice_is_once(cast):
    step = services.add_step(cast.cohort, 1, "Llamar", by=cast.lead)
    for _time in range(2):
        services.tick_step(cast.enrolment, step.id, True, by=cast.mentor)
    assert db.session.query(PlanTick).count() == 1
    assert services.due_for(cast.mentor) == []


def test_it_asks_no_more_for_many_steps_and_firms(cast, count_queries):
    def asked():
        db.session.expire_all()
        with count_queries() as queries:
            services.due_for(cast.trainer)
        return len(queries)

    services.add_step(cast.cohort, 1, "Llamar", by=cast.lead)
    few = asked()
    from lms.accounts.models import User

    trainer = db.session.get_one(User, cast.trainer.id)
    for number in range(10):
        services.add_step(cast.cohort, 2, f"Paso {number}", by=cast.lead)
        build.enrol(build.firm(f"Taller {number}", build.user(f"Dueña {number}")), cast.cohort, trainer)
    db.session.commit()
    assert len(services.due_for(cast.trainer)) == 11
    assert asked() == few

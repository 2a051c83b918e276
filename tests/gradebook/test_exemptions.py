"""What a firm is excused from is asked of it nowhere that counts, is told with its reason, and comes back."""

from datetime import UTC, date, datetime

import pytest

from lms.assignments.models import SubmissionState
from lms.calendar.services import items_for
from lms.cohorts import services as cohorts
from lms.cohorts.models import EnrolmentState, Exemption
from lms.cohorts.rules import GraduationRules
from lms.foundation.db import db
from lms.foundation.errors import Refused
from lms.gradebook import excusing
from lms.graduation import services as graduation
from lms.home import gather
from lms.learning import services as learning
from lms.learning.models import Attempt
from lms.notifications.models import Notice
from lms.notifications.reminders import remind
from lms.ops.models import AuditEntry
from lms.standing.attention import OVERDUE, QUIZ_FAILED, SENT_BACK, reasons
from lms.standing.services import progress_of, standing_of
from tests import build
from tests.conftest import NOW
from tests.standing.deeds import attempt, meet_every_rule, read, send_back

TODAY = NOW.date()


@pytest.fixture
def week(cast):
    return cast.version.week_rows[1]


def excuse(cast, thing, reason="Feria en Guadalajara"):
    item = cohorts.item_named(cast.enrolment, thing.slug)
    return excusing.excuse(cast.enrolment, item, reason, by=cast.trainer)


def keys(cast):
    return {one.key for one in reasons(standing_of(cast.enrolment), TODAY)}


def criterion(cast, key):
    return next(one for one in graduation.preview(cast.enrolment).criteria if one.key == key)


def test_every_total_of_the_standing_leaves_it_out(cast, week):
    before = standing_of(cast.enrolment)
    for thing in (week.lessons[0], week.quiz, week.brief):
        excuse(cast, thing)
    after = standing_of(cast.enrolment)
    for name in ("lessons_total", "quizzes_total", "briefs_required"):
        assert getattr(after, name) == getattr(before, name) - 1, name
    cell = after.per_week[1]
    assert (cell.lessons, cell.quiz, cell.brief_state) == (1, None, None)
    assert dict(after.excused) == dict.fromkeys(
        (week.lessons[0].slug, week.quiz.slug, week.brief.slug), "Feria en Guadalajara"
    )
    rival = standing_of(cast.rival_enrolment)
    assert rival.briefs_required == before.briefs_required and not rival.excused


def test_what_the_firm_does_all_the_same_counts(cast, week):
    excuse(cast, week.brief)
    excuse(cast, week.quiz)
    excuse(cast, week.lessons[0])
    build.submission(cast.enrolment, week.brief, cast.owner, SubmissionState.ACCEPTED)
    attempt(cast.enrolment, cast.owner, week.quiz, passed=True)
    read(cast.enrolment, cast.owner, week.lessons[0])
    standing = standing_of(cast.enrolment)
    assert (standing.briefs_accepted, standing.briefs_required) == (1, 2)
    assert (standing.quizzes_passed, standing.lessons_done) == (1, 1) and not standing.excused
    items = {item.slug: item for item in learning.week_items(cast.enrolment, cast.owner, week=1)}
    assert not any(items[thing.slug].excused for thing in (week.quiz, week.lessons[0]))


def test_what_is_sent_and_not_accepted_yet_is_not_asked_for_either(cast, week):
    build.submission(cast.enrolment, week.brief, cast.owner, SubmissionState.HANDED_IN)
    excuse(cast, week.brief)
    standing = standing_of(cast.enrolment)
    assert standing.briefs_required == 1 and standing.work[week.brief.slug] == "handed_in"


def test_the_grid_shows_a_week_of_which_nothing_is_asked(cast, week, browser):
    read(cast.enrolment, cast.owner, week.lessons[0])
    for thing in (week.lessons[1], week.quiz, week.brief):
        excuse(cast, thing)
    cells = {one.enrolment_id: one.per_week for one in progress_of(cast.cohort)}
    assert cells[cast.enrolment.id][1].mark == "done", "the one lesson that is left was read"
    assert cells[cast.rival_enrolment.id][1].mark == "late"
    for lesson in cast.version.week_rows[0].lessons:
        excuse(cast, lesson)
    for thing in (cast.version.week_rows[0].quiz, cast.version.week_rows[0].brief):
        excuse(cast, thing)
    cells = {one.enrolment_id: one.per_week for one in progress_of(cast.cohort)}
    assert cells[cast.enrolment.id][0].mark == "exempt"
    assert standing_of(cast.enrolment).per_week[0].mark == "exempt"
    page = browser(cast.trainer).get(f"/cohorts/{cast.cohort.id}/grid")
    row = next(row for row in page.root.find_all("tr") if "Telas Lupita" in row.text)
    assert "exento" in row.text


def test_nothing_of_it_is_a_reason_for_attention(cast, week):
    first = cast.version.week_rows[0]
    assert OVERDUE in keys(cast)
    excuse(cast, week.brief)
    assert OVERDUE not in keys(cast)
    work = build.submission(cast.enrolment, first.brief, cast.owner)
    send_back(work, cast.trainer, times=2)
    for number in range(1, 5):
        attempt(cast.enrolment, cast.owner, week.quiz, passed=False, number=number)
    assert {SENT_BACK, QUIZ_FAILED} <= keys(cast)
    excuse(cast, first.brief)
    excuse(cast, week.quiz)
    assert not {SENT_BACK, QUIZ_FAILED} & keys(cast)


def test_the_rules_of_graduation_ask_for_what_is_left(cast, week):
    cast.cohort.rules = GraduationRules().to_json()
    assert criterion(cast, "accepted").need == 2 and criterion(cast, "final_quiz").need == 1
    build.submission(cast.enrolment, week.brief, cast.owner, SubmissionState.ACCEPTED)
    excuse(cast, cast.version.week_rows[0].brief)
    excuse(cast, week.quiz)
    accepted, final = criterion(cast, "accepted"), criterion(cast, "final_quiz")
    assert (accepted.have, accepted.need, accepted.met) == (1, 1, True)
    assert (final.have, final.need, final.met) == (0, 0, True)
    lined_up = next(one for one in graduation.candidates(cast.cohort) if one.standing.firm_id == cast.firm.id)
    assert next(one for one in lined_up.criteria if one.key == "final_quiz").met


def test_an_excused_final_quiz_lets_a_firm_graduate_and_is_said_so(cast, week, browser):
    meet_every_rule(cast)
    db.session.query(Attempt).filter_by(quiz_id=week.quiz.id).delete()
    assert not graduation.preview(cast.enrolment).meets_all
    excuse(cast, week.quiz)
    assert graduation.preview(cast.enrolment).is_ready
    assert "Exento" in browser(cast.owner).get("/progress").text
    assert "Exento" in browser(cast.owner).get("/certificate").text
    page = browser(cast.lead).get(f"/enrolments/{cast.enrolment.id}/decision")
    assert (
        "Exento" in page.text and "De qué está exenta la empresa Prueba 1 Feria en Guadalajara" in page.text
    )


def test_the_next_step_the_week_and_its_count_leave_it_out(cast, week, browser):
    first = cast.version.week_rows[0]
    assert gather.member_home(cast.owner).next_item.slug == first.lessons[0].slug
    for thing in (*first.lessons, first.quiz):
        excuse(cast, thing)
    home = gather.member_home(cast.owner)
    assert home.next_item.slug == first.brief.slug
    page = browser(cast.owner).get("/course")
    assert "Lección 0.1" in page.text and "No se te pide: Feria en Guadalajara" in page.text
    assert "0 de 1 listas" in page.text
    for lesson in week.lessons:
        excuse(cast, lesson)
    home = browser(cast.owner).get("/home")
    assert "exento: Feria en Guadalajara" in home.text
    assert "La tarea de la semana" in home.text
    excuse(cast, week.brief)
    assert "La tarea de la semana" not in browser(cast.owner).get("/home").text
    cohorts.end_exemption(db.session.query(Exemption).all()[-1], "Sí", by=cast.trainer)
    plan = learning.course_plan(cast.enrolment, cast.owner)
    assert [(len(one.main), len(one.counting), one.done) for one in plan] == [(4, 1, 0), (4, 2, 0)]


def test_the_pages_of_the_things_say_why(cast, week, browser):
    for thing in (week.lessons[0], week.quiz, week.brief):
        excuse(cast, thing)
    member = browser(cast.owner)
    for page in (f"/lessons/{week.lessons[0].id}", f"/quizzes/{week.quiz.id}", f"/briefs/{week.brief.id}"):
        assert "está exenta de esto: «Feria en Guadalajara»" in member.get(page).text
    assert "está exenta" not in browser(cast.rival).get(f"/quizzes/{week.quiz.id}").text


def test_it_opens_no_answers_of_a_quiz(cast, week, browser):
    excuse(cast, week.quiz)
    page = browser(cast.owner).get(f"/quizzes/{week.quiz.id}")
    assert "Razón" not in page.html and "Empezar" in page.text
    attempt_page = browser(cast.owner).submit(f"/quizzes/{week.quiz.id}")
    assert "Razón" not in attempt_page.html


def test_the_tasks_of_the_firm_and_its_calendar_know_it(cast, week, browser):
    def days():
        found = items_for(cast.owner, date(2026, 9, 1), date(2026, 12, 1))
        return [one.what for one in found if one.kind == "task"]

    assert "Tarea 1" in days()
    excuse(cast, week.brief)
    assert days() == ["Tarea 0"]
    page = browser(cast.trainer).get(f"/enrolments/{cast.enrolment.id}/tasks")
    row = next(row for row in page.root.find_all("tr") if "Tarea 1" in row.text)
    assert "exenta de 1 cosa" in browser(cast.mentor).get(f"/enrolments/{cast.enrolment.id}").text
    assert "Exento" in row.text and "Feria en Guadalajara" in row.text and "ya pasó" not in row.text


def test_the_gradebook_and_its_files_show_it(cast, week, browser):
    excuse(cast, week.quiz)
    trainer = browser(cast.trainer)
    page = trainer.get(f"/cohorts/{cast.cohort.id}/gradebook")
    row = next(row for row in page.root.find_all("tr") if "Telas Lupita" in row.text)
    assert row.text.count("Exento") == 1
    db.session.commit()
    assert "exento" in trainer.client.get(f"/cohorts/{cast.cohort.id}/gradebook.csv").data.decode("utf-8-sig")
    read(cast.enrolment, cast.owner, week.lessons[0])
    page = trainer.get(f"/enrolments/{cast.enrolment.id}/marks")
    assert "No se le pide a la empresa: Feria" in page.text
    assert "1 de 3 listas · exenta de 1 cosa" in " ".join(page.text.split())


def test_a_newer_version_of_the_course_keeps_it(cast, week):
    excuse(cast, week.brief)
    cast.cohort.course_version_id = build.course_version(number=2).id
    db.session.flush()
    db.session.expire_all()
    assert standing_of(cast.enrolment).briefs_required == 1


def test_it_is_given_and_taken_back_with_reasons_told_and_traced(cast, week, browser, letters):
    trainer = browser(cast.trainer)
    where = f"/enrolments/{cast.enrolment.id}/excuse/{week.brief.slug}"
    assert where in trainer.get(f"/enrolments/{cast.enrolment.id}/marks").links
    page = trainer.submit(where, "Eximir a la empresa", reason=" ")
    assert page.status == 422 and "Escribe el motivo" in str(page.errors)
    page = trainer.submit(where, "Eximir a la empresa", reason="Ya lo vende así")
    assert "La empresa está exenta y ya se le avisó." in page.html
    told = [one for one in letters() if one.to in (cast.owner.email, cast.son.email)]
    assert len(told) == 2 and "Ya lo vende así" in told[0].text and "Tarea" not in told[0].subject
    page = trainer.submit(where, "Volver a pedirlo", reason="Le va a servir")
    assert "Se le pide de nuevo a la empresa" in page.html
    assert standing_of(cast.enrolment).briefs_required == 2
    page = trainer.get(where)
    for said in ("Ya lo vende así", "Le va a servir", "Tere Luna"):
        assert said in page.text
    assert "Tu empresa ya no está exenta" in letters()[-1].text
    trail = (
        db.session.query(AuditEntry).filter(AuditEntry.event == "ExemptionChanged").order_by(AuditEntry.id)
    )
    assert [(one.actor_id, one.details["in_force"], one.details["reason"]) for one in trail] == [
        (cast.trainer.id, True, "Ya lo vende así"), (cast.trainer.id, False, "Le va a servir"),
    ]  # fmt: skip
    trainer.submit(where, "Eximir a la empresa", reason="Otra vez")
    assert db.session.query(Exemption).count() == 2


def test_what_helps_nobody_is_refused(cast, week):
    excuse(cast, week.brief)
    with pytest.raises(Refused, match="ya está exenta"):
        excuse(cast, week.brief)
    attempt(cast.enrolment, cast.owner, week.quiz, passed=True)
    with pytest.raises(Refused, match="ya lo hizo"):
        excuse(cast, week.quiz)
    week.lessons[0].optional = True
    cast.enrolment.state = EnrolmentState.WITHDRAWN
    with pytest.raises(Refused, match="no está trabajando"):
        excuse(cast, week.lessons[1])


def test_it_is_taken_back_once(cast, week):
    exemption = excuse(cast, week.brief)
    with pytest.raises(Refused, match="Escribe el motivo"):
        cohorts.end_exemption(exemption, " ", by=cast.trainer)
    cohorts.end_exemption(exemption, "Sí le toca", by=cast.trainer)
    with pytest.raises(Refused, match="ya se quitó"):
        cohorts.end_exemption(exemption, "Otra vez", by=cast.trainer)


def test_only_who_trains_or_leads_may(cast, week, browser):
    where = f"/enrolments/{cast.enrolment.id}/excuse/{week.brief.slug}"
    for person in (cast.trainer, cast.lead):
        assert browser(person).get(where).status == 200
    for person in (cast.owner, cast.mentor, cast.other_trainer, cast.admin):
        assert browser(person).get(where).status == 404
    assert browser(cast.trainer).get(f"/enrolments/{cast.enrolment.id}/excuse/week-77/nada").status == 404
    assert "Eximir" not in browser(cast.mentor).get(f"/enrolments/{cast.enrolment.id}/marks").text


def test_nobody_is_reminded_of_it(cast, week, stopped_clock):
    stopped_clock(datetime(2026, 9, 18, 18, 0, tzinfo=UTC))
    excuse(cast, week.brief)
    remind(cast.cohort.id, "2026-09-18")
    due = [
        one.user_id for one in db.session.query(Notice) if "Tarea 1" in one.text and "exenta" not in one.text
    ]
    assert cast.rival.id in due and not {cast.owner.id, cast.son.id} & set(due)

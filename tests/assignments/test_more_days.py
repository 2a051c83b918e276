"""More days for a task: asked for, given, refused, changed and taken back, with reasons and trace."""

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import current_app

from lms import events
from lms.assignments import services
from lms.assignments.models import Extension, ExtensionState, SubmissionState
from lms.cohorts import services as cohorts
from lms.events import listening
from lms.foundation.db import db
from lms.foundation.errors import Refused
from lms.home.keeping import pages_to_keep
from lms.ops.models import AuditEntry
from lms.standing.services import standing_of
from tests import build
from tests.conftest import NOW

DUE = date(2026, 9, 20)


@pytest.fixture
def brief(cast):
    """The task of the first week, whose date passed three weeks ago."""
    return cast.version.week_rows[1].brief


@pytest.fixture
def path(brief):
    return f"/briefs/{brief.id}"


def ask(browser, cast, path, reason="Se descompuso la máquina"):
    return browser(cast.owner).submit(f"{path}/more-days", "Pedirlos a", days="7", reason=reason)


def newest() -> Extension:
    return db.session.query(Extension).order_by(Extension.id.desc()).first()


def give(cast, brief, day=date(2026, 10, 23), reason="Por la máquina"):
    return services.give_days(cast.enrolment, brief, day, reason, by=cast.trainer)


def test_a_firm_asks_and_waits_for_its_answer(cast, browser, path):
    page = browser(cast.owner).get(path)
    assert f"{path}/more-days" in page.links
    page = ask(browser, cast, path)
    assert page.heading == "Tarea 1"
    assert "Pediste más días." in page.text and "Se descompuso la máquina" in page.text
    assert f"{path}/more-days" not in page.links
    assert browser(cast.son).get(path).text.count("Pediste más días.") == 1


def test_it_waits_in_the_trainers_lists_and_not_in_those_of_others(cast, browser, path, letters):
    ask(browser, cast, path)
    where = f"/extensions/{newest().id}"
    for person in (cast.trainer, cast.lead):
        page = browser(person).get("/review")
        assert "Piden más días" in page.text and where in page.links
    assert where in browser(cast.trainer).get("/home").links
    for person in (cast.other_trainer, cast.other_lead, cast.mentor, cast.admin):
        assert where not in browser(person).get("/review").links
        assert browser(person).get(where).status == 404
    told = [one for one in letters() if one.to == cast.trainer.email]
    assert [one.subject for one in told] == ["Una empresa pide más días"]
    assert "Se descompuso la máquina" in told[0].text and where in told[0].text


def test_yes_with_a_date_is_read_with_its_reason(cast, browser, path, letters):
    ask(browser, cast, path)
    trainer = browser(cast.trainer)
    page = trainer.get(f"/extensions/{newest().id}")
    assert "Pide 7 días más." in page.text
    # The date is long past, so the week is counted from today.
    assert page.root.find("input", name="due_on").attributes["value"] == "2026-10-21"
    trainer.submit(f"/extensions/{newest().id}", "Sí, dar esta fecha", reason="Ánimo, con eso alcanza")
    extension = newest()
    assert (extension.state, extension.due_on) == (ExtensionState.GRANTED, date(2026, 10, 21))
    member = browser(cast.owner).get(path)
    assert "Tienes más días: hasta el miércoles 21 de octubre." in member.text
    assert "Ánimo, con eso alcanza" in member.text and "antes: 20 sep" in member.text
    letter = [one for one in letters() if one.to == cast.owner.email][-1]
    assert "miércoles 21 de octubre" in letter.text and "Tarea" not in letter.subject


def test_no_has_a_reason_too_and_one_may_ask_again(cast, browser, path):
    ask(browser, cast, path)
    where, trainer = f"/extensions/{newest().id}", browser(cast.trainer)
    page = trainer.submit(where, "No dar más días", reason="")
    assert page.status == 422 and "Escribe el motivo" in str(page.errors)
    trainer.submit(where, "No dar más días", reason="Ya casi la tienes")
    assert newest().state is ExtensionState.DECLINED
    page = browser(cast.owner).get(path)
    assert "No se te dieron más días." in page.text and "Ya casi la tienes" in page.text
    page = ask(browser, cast, path, "De verdad la necesito")
    assert "Pediste más días." in page.text


def test_yes_without_a_date_is_no_answer(cast, browser, path):
    ask(browser, cast, path)
    page = browser(cast.trainer).submit(
        f"/extensions/{newest().id}", "Sí, dar esta fecha", due_on="", reason="Está bien"
    )
    assert page.status == 422 and "Elige el día." in page.text
    assert newest().state is ExtensionState.ASKED


def test_a_trainer_gives_changes_and_takes_back_days_unasked(cast, browser, brief, path):
    trainer, where = browser(cast.trainer), f"/enrolments/{cast.enrolment.id}/briefs/{brief.id}/more-days"
    assert where in trainer.get(f"/enrolments/{cast.enrolment.id}/tasks").links
    trainer.submit(where, "Dar esta fecha", due_on="2026-10-23", reason="Temporada alta")
    trainer.submit(where, "Dar esta fecha", due_on="2026-10-30", reason="Mejor una semana más")
    first, second = db.session.query(Extension).order_by(Extension.id)
    assert (first.state, first.due_on) == (ExtensionState.REPLACED, date(2026, 10, 23))
    assert (second.state, second.due_on) == (ExtensionState.GRANTED, date(2026, 10, 30))
    page = trainer.get(where)
    assert "Temporada alta" in page.text and "Mejor una semana más" in page.text
    trainer.submit(where, "Quitarlos", **{"back-reason": "Ya no hace falta"})
    assert newest().state is ExtensionState.WITHDRAWN
    page = browser(cast.owner).get(path)
    assert "Ya no tienes más días" in page.text and "Ya no hace falta" in page.text
    assert "20 de septiembre" in page.text and "30 de octubre" not in page.text
    trail = (
        db.session.query(AuditEntry).filter(AuditEntry.event == "MoreDaysAnswered").order_by(AuditEntry.id)
    )
    assert [(row.actor_id, row.details["state"]) for row in trail] == [
        (cast.trainer.id, state) for state in ("granted", "granted", "withdrawn")
    ]


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (NOW.date() - timedelta(days=1), "que no haya pasado"),
        (DUE, "que no haya pasado"),
        (NOW.date() + timedelta(days=91), "90 días"),
    ],
)
def test_a_day_that_helps_nobody_is_refused(cast, brief, day, said):
    with pytest.raises(Refused, match=said):
        give(cast, brief, day)


def test_giving_days_to_who_asked_is_the_answer(cast, brief):
    services.ask_for_days(cast.enrolment, brief, 3, "Falta luz", by=cast.owner)
    given = give(cast, brief)
    assert db.session.query(Extension).one() is given and given.asked_because == "Falta luz"


def test_asking_twice_is_asking_once(cast, brief):
    services.ask_for_days(cast.enrolment, brief, 3, "Falta luz", by=cast.owner)
    with pytest.raises(Refused, match="ya los pidió"):
        services.ask_for_days(cast.enrolment, brief, 3, "Falta luz", by=cast.son)
    assert db.session.query(Extension).count() == 1


def test_two_trainers_who_answer_at_once_answer_once(cast, brief):
    asked = services.ask_for_days(cast.enrolment, brief, 3, "Falta luz", by=cast.owner)
    services.answer_request(asked, brief, None, "No", by=cast.trainer)
    with pytest.raises(Refused, match="ya se contestó"):
        services.answer_request(asked, brief, date(2026, 10, 20), "Sí", by=cast.lead)
    assert asked.state is ExtensionState.DECLINED


@pytest.mark.parametrize(
    "state", [SubmissionState.HANDED_IN, SubmissionState.RETURNED, SubmissionState.ACCEPTED]
)
def test_for_what_was_sent_days_change_nothing(cast, brief, state):
    build.submission(cast.enrolment, brief, cast.owner, state)
    with pytest.raises(Refused, match="ya se envió"):
        services.ask_for_days(cast.enrolment, brief, 3, "Falta luz", by=cast.owner)
    with pytest.raises(Refused, match="ya se envió"):
        give(cast, brief)


def test_in_the_days_that_were_given_work_is_in_time(cast, brief, stopped_clock):
    cast.cohort.late_days = 0
    work = build.submission(cast.enrolment, brief, cast.owner, SubmissionState.DRAFT)
    brief.slots = []
    with pytest.raises(Refused, match="último día"):
        services.hand_in(work, by=cast.owner)
    give(cast, brief)
    stopped_clock(datetime(2026, 10, 24, 5, 59, tzinfo=UTC))
    version = services.hand_in(work, by=cast.owner)
    assert (version.due_on, version.late) == (date(2026, 10, 23), False)


def test_the_given_day_stands_wherever_a_date_is_shown(cast, browser, brief, path):
    give(cast, brief)
    member = browser(cast.owner)
    assert "tienes hasta el viernes 23 de octubre" in member.get("/course").text
    home = member.get("/home")
    assert "te dieron más días" in home.text and path in home.links
    assert "viernes 23 de octubre" in member.get(f"{path}/sheet").text
    assert "Más días" in browser(cast.trainer).get(f"/enrolments/{cast.enrolment.id}/tasks").text
    assert "Más días" not in browser(cast.rival).get(path).text


def test_a_phone_asks_again_for_the_page_whose_date_changed(cast, brief):
    def mark():
        dates = services.days_given(cast.enrolment)
        pages = pages_to_keep(cast.enrolment, cast.owner, services.work_states(cast.enrolment), dates)
        return next(page.mark for page in pages if page.url.endswith(f"/briefs/{brief.id}"))

    cast.cohort.starts_on = date(2026, 10, 12)
    db.session.flush()
    with current_app.test_request_context():
        before = mark()
        give(cast, brief, date(2026, 10, 23))
        assert mark() != before


def test_what_has_more_days_is_not_overdue(cast, brief):
    assert standing_of(cast.enrolment).overdue_briefs == 2
    give(cast, brief)
    standing = standing_of(cast.enrolment)
    assert standing.overdue_briefs == 1 and standing.given == {brief.slug: date(2026, 10, 23)}
    assert standing.per_week[1].brief_due_on == date(2026, 10, 23)
    assert standing.per_week[1].mark == "late", "its lessons are still late"


def test_a_pause_moves_the_given_day_with_all_others(cast, brief, stopped_clock):
    give(cast, brief)
    cohorts.pause(cast.enrolment, reason="Temporada", by=cast.lead)
    stopped_clock(NOW + timedelta(days=10))
    cohorts.resume(cast.enrolment, by=cast.lead)
    assert services.days_given(cast.enrolment) == {brief.slug: date(2026, 11, 2)}
    assert services.deadline_of(cast.enrolment, brief).usual_on == date(2026, 9, 30)
    assert standing_of(cast.enrolment).given == {brief.slug: date(2026, 11, 2)}


def test_more_days_outlive_a_newer_version_of_the_course(cast, brief):
    give(cast, brief)
    cast.cohort.course_version_id = build.course_version(number=2).id
    db.session.flush()
    db.session.expire_all()
    newer = next(task for task in services.tasks_of(cast.enrolment) if task.week == 1)
    assert newer.brief_id != brief.id and newer.deadline.due_on == date(2026, 10, 23)


def test_a_paused_or_finished_firm_is_in_nobodys_list(cast, brief, browser):
    services.ask_for_days(cast.enrolment, brief, 3, "Falta luz", by=cast.owner)
    cohorts.finish(cast.enrolment, graduated=True, by=cast.lead)
    assert services.requests_for(cast.trainer) == []


def test_the_words_of_an_event_name_no_secret(cast, brief):
    told, before = [], tuple(listening._tables)
    events.listen(*before, {events.MoreDaysAnswered: [told.append]})
    give(cast, brief)
    events.listen(*before)
    assert [(one.state, one.due_on, one.reason) for one in told] == [
        ("granted", "2026-10-23", "Por la máquina")
    ]

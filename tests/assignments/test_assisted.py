"""Work that staff hand in for a firm: marked wherever it is shown; the firm says whether it is its own."""

import io

import pytest
from PIL import Image

from lms.assignments import services, work
from lms.assignments.models import Assistance, Attachment, Outcome, Submission, SubmissionState
from lms.cohorts.models import EnrolmentState
from lms.foundation.db import db
from lms.foundation.errors import Refused
from lms.ops.models import AuditEntry
from tests import build


@pytest.fixture
def brief(cast):
    return cast.version.week_rows[1].brief


@pytest.fixture
def path(cast, brief):
    """Where the mentor works for the firm."""
    return f"/enrolments/{cast.enrolment.id}/briefs/{brief.id}/work"


def photo(name="visita.jpg"):
    buffer = io.BytesIO()
    Image.new("RGB", (64, 48), "navy").save(buffer, "JPEG")
    buffer.seek(0)
    return buffer, name


def hand_in(browser, person, path, **words):
    staff = browser(person)
    staff.submit(path, "Guardar", files={"frente-file": photo()})
    return staff.submit(path, "Entregar en nombre de", **words)


def the_work() -> Submission:
    return db.session.query(Submission).one()


def test_a_mentor_hands_in_for_the_firm_with_the_same_places_and_words(cast, browser, path, brief):
    page = browser(cast.mentor).get(f"/enrolments/{cast.enrolment.id}/tasks")
    assert path in page.links
    page = browser(cast.mentor).get(path)
    assert page.heading == "Tarea 1" and "Vas a entregar en nombre de Telas Lupita." in page.text
    assert "Falta 1 foto" in page.text
    page = hand_in(browser, cast.mentor, path, text="Me lo dictó por teléfono")
    assert "Mario Vega, en nombre de la empresa" in page.text and "visita.jpg" in page.text
    version = the_work().versions[0]
    assert (version.user_id, version.assistance) == (cast.mentor.id, Assistance.ASKED)
    assert the_work().to_confirm and the_work().attachments[0].user_id == cast.mentor.id
    assert cast.enrolment.last_activity_at is None, "what staff do is no sign of life of the firm"


def test_what_is_missing_is_said_to_staff_too(cast, browser, path):
    page = browser(cast.mentor).submit(path, "Entregar en nombre de", text="Sin foto")
    assert "Falta la foto “Foto de frente”." in page.text and "Sin foto" in page.text
    assert the_work().state is SubmissionState.DRAFT and the_work().text == "Sin foto"


def test_it_goes_on_with_what_the_firm_began_and_who_did_what_stays(cast, browser, path, brief):
    member = browser(cast.owner)
    member.submit(f"/briefs/{brief.id}", "Guardar", files={"frente-file": photo("propia.jpg")})
    member.submit(f"/briefs/{brief.id}", "Guardar y seguir después", text="A medias")
    page = browser(cast.mentor).get(path)
    assert "A medias" in page.text and "Ya está empezada" in page.text
    browser(cast.mentor).submit(path, "Entregar en nombre de", text="Completa")
    submission = the_work()
    assert submission.attachments[0].user_id == cast.owner.id
    assert submission.versions[0].user_id == cast.mentor.id
    assert db.session.query(Submission).count() == 1


def test_the_firm_is_told_at_once_and_asked_on_its_pages(cast, browser, path, brief, letters):
    hand_in(browser, cast.mentor, path)
    sent = {one.to: one for one in letters()}
    assert sent[cast.owner.email].subject == "Entregaron tu tarea en tu nombre"
    assert f"/briefs/{brief.id}" in sent[cast.owner.email].text
    assert sent[cast.mentor.email].subject == "Recibimos tu trabajo"
    for where in ("/home", f"/briefs/{brief.id}"):
        page = browser(cast.owner).get(where)
        assert "¿Es tu trabajo?" in page.text and "Mario entregó “Tarea 1” en tu nombre" in page.text, where
        assert "Sí, es nuestro" in page.text and "No es nuestro" in page.text


def test_a_firm_confirms_and_everybody_sees_it(cast, browser, path, brief):
    hand_in(browser, cast.mentor, path)
    trainer, where = browser(cast.trainer), f"/submissions/{the_work().id}"
    for page in ("/review", f"{where}/review", where, f"/enrolments/{cast.enrolment.id}"):
        assert "Sin confirmar por la empresa" in trainer.get(page).text, page
    page = browser(cast.owner).submit("/home", "Sí, es nuestro")
    assert page.heading == "Tarea 1" and "¿Es tu trabajo?" not in page.text
    version = the_work().versions[0]
    assert (version.assistance, version.answered_by_id) == (Assistance.CONFIRMED, cast.owner.id)
    assert the_work().state is SubmissionState.HANDED_IN
    page = trainer.get(f"{where}/review")
    assert "Confirmada por la empresa" in page.text and "Mario Vega la entregó" in page.text
    assert "Sin confirmar" not in trainer.get("/review").text
    assert "¿Es tu trabajo?" not in browser(cast.son).get("/home").text


def test_an_objection_takes_it_out_of_the_queue_and_leaves_its_trace(cast, browser, path, brief, letters):
    hand_in(browser, cast.mentor, path, text="No era esto")
    where = f"/submissions/{the_work().id}"
    page = browser(cast.owner).submit(f"{where}/object", "No es nuestro trabajo", reason="Es de otra empresa")
    assert page.heading == "Tarea 1" and "Enviar a Mario" in page.text, "the task is open again"
    submission = the_work()
    assert (submission.state, submission.handed_in_at) == (SubmissionState.DRAFT, None)
    assert services.queue_for(cast.trainer) == []
    for person in (cast.owner, cast.trainer, cast.mentor):
        history = browser(person).get(where).text
        for words in ("No es de la empresa", "Es de otra empresa", "No era esto", "Mario Vega"):
            assert words in history, (person.name, words)
    told = {one.to: one for one in letters() if "no es suya" in one.subject}
    assert set(told) == {cast.mentor.email} and "Es de otra empresa" in told[cast.mentor.email].text
    row = db.session.query(AuditEntry).filter(AuditEntry.event == "AssistedWorkAnswered").one()
    assert (row.actor_id, row.details["confirmed"]) == (cast.owner.id, False)


def test_after_an_objection_the_firm_hands_in_its_own_as_the_next_version(cast, browser, path, brief):
    hand_in(browser, cast.mentor, path)
    services.object_to(the_work(), "", by=cast.owner)
    page = browser(cast.owner).submit(f"/briefs/{brief.id}", "Enviar a", text="Lo nuestro")
    assert "Versión: 2" in page.text
    first, second = the_work().versions
    assert (first.assistance, second.assistance) == (Assistance.OBJECTED, None)
    assert second.user_id == cast.owner.id and services.first_version(the_work()) is second


def test_work_that_was_sent_back_before_is_with_the_firm_again(cast, browser, brief):
    submission = build.submission(cast.enrolment, brief, cast.owner, SubmissionState.RETURNED)
    brief.slots = []
    handed_in_at = submission.handed_in_at
    services.hand_in(submission, by=cast.mentor, assisted=True)
    services.object_to(submission, "No", by=cast.owner)
    assert (submission.state, submission.handed_in_at) == (SubmissionState.RETURNED, handed_in_at)


def test_a_review_of_what_is_objected_to_counts_no_more(cast, browser, path, brief):
    hand_in(browser, cast.mentor, path)
    levels = {"Luz": 3, "Fondo": 2, "Detalle": 2}
    services.review(the_work(), Outcome.ACCEPTED, levels, "Bien", revision=1, by=cast.trainer)
    assert "¿Es tu trabajo?" in browser(cast.owner).get(f"/briefs/{brief.id}").text
    assert services.accepted_briefs([cast.enrolment.id])[cast.enrolment.id] == {brief.slug}
    services.object_to(the_work(), "No es nuestro", by=cast.owner)
    assert services.accepted_briefs([cast.enrolment.id])[cast.enrolment.id] == set()
    assert len(the_work().reviews) == 1


def test_a_trainer_who_is_grading_meanwhile_loses_nothing(cast, browser, path):
    hand_in(browser, cast.mentor, path)
    where, trainer = f"/submissions/{the_work().id}/review", browser(cast.trainer)
    page = trainer.get(where)
    services.object_to(the_work(), "", by=cast.owner)
    answer = trainer.send(page, where, "Pedir cambios", feedback="Acércate más")
    assert answer.status == 409 and "Acércate más" in answer.html
    assert the_work().reviews == []


def test_a_firm_answers_once(cast, browser, path):
    hand_in(browser, cast.mentor, path)
    services.confirm(the_work(), by=cast.owner)
    with pytest.raises(Refused, match="ya contestó"):
        services.object_to(the_work(), "", by=cast.son)
    page = browser(cast.son).submit(f"/submissions/{the_work().id}/object", "No es nuestro trabajo")
    assert page.status == 422 and "ya contestó esto" in page.text
    assert the_work().versions[0].assistance is Assistance.CONFIRMED


def test_for_a_firm_whose_course_has_ended_nobody_hands_in(cast, browser, path):
    cast.enrolment.state = EnrolmentState.GRADUATED
    page = browser(cast.mentor).submit(path, "Guardar y seguir después", text="Tarde")
    assert page.status == 422 and "Tarde" in page.html
    assert db.session.query(Submission).count() == 0


def test_nobody_hands_in_for_firms_that_are_not_theirs(cast, browser, path):
    for person in (cast.other_trainer, cast.other_mentor, cast.lead, cast.admin, cast.rival, cast.owner):
        assert browser(person).get(path).status == 404, person.name


def test_files_of_every_version_stay_readable_for_firm_and_staff(cast, browser, path, brief):
    """A photo that was replaced, taken away and sent anew is still the one of the first version."""
    hand_in(browser, cast.mentor, path, text="Primera")
    services.review(the_work(), Outcome.RETURNED, {}, "Otra foto", revision=1, by=cast.trainer)
    member = browser(cast.owner)
    member.submit(f"/briefs/{brief.id}?change=frente", "Quitar lo que hay")
    member.submit(f"/briefs/{brief.id}", "Guardar", files={"frente-file": photo("segunda.jpg")})
    member.submit(f"/briefs/{brief.id}", "Enviar a", text="Segunda")
    first, second = the_work().versions
    (old,), (new,) = work.files_of(first), work.files_of(second)
    assert (old.original_name, new.original_name) == ("visita.jpg", "segunda.jpg")
    for person in (cast.owner, cast.son, cast.mentor, cast.trainer, cast.lead):
        page = browser(person).get(f"/submissions/{the_work().id}")
        assert "Primera" in page.text and "Segunda" in page.text
        for one in db.session.query(Attachment):
            assert f"/attachments/{one.id}" in page.links
            assert browser(person).get(f"/attachments/{one.id}").status == 200
    page = browser(cast.trainer).get(f"/submissions/{the_work().id}/review")
    assert f"/attachments/{old.id}" in page.links and "Primera" in page.text

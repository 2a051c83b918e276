"""A firm at its task: places for photos, words that are never lost, sending, receipts, work sent back."""

import io

import pytest
from PIL import Image

from lms import events
from lms.assignments import services, work
from lms.assignments.models import Attachment, Outcome, Submission, SubmissionState, SubmissionVersion
from lms.cohorts.models import EnrolmentState
from lms.events import listening
from lms.foundation.db import db
from tests import build


def photo(colour="navy", name="foto.jpg"):
    buffer = io.BytesIO()
    Image.new("RGB", (640, 480), colour).save(buffer, "JPEG")
    buffer.seek(0)
    return buffer, name


@pytest.fixture
def brief(cast):
    return cast.version.week_rows[1].brief


@pytest.fixture
def path(brief):
    return f"/briefs/{brief.id}"


@pytest.fixture
def heard():
    """The events that were published, in order."""
    told, before = [], tuple(listening._tables)
    events.listen(*before, {events.Event: [told.append]})
    yield told
    events.listen(*before)


def save_photo(member, path, slot="frente", picture=None):
    return member.submit(path, "Guardar", files={f"{slot}-file": picture or photo()})


def send(member, path, **words):
    return member.submit(path, "Enviar a", **words)


def the_work(cast):
    return db.session.query(Submission).filter_by(enrolment_id=cast.enrolment.id).one()


def test_the_task_says_what_comes_out_who_does_it_and_how_it_is_graded(cast, browser, path):
    page = browser(cast.owner).get(path)
    assert page.heading == "Tarea 1"
    for words in (
        "Tres fotos listas",
        "El responsable digital",
        "Toma fotos.",
        "Luz",
        "muy bien",
        "Se ve oscura",
    ):
        assert words in page.text
    assert "para el domingo 20 de septiembre" in page.text
    assert "Enviar a Mario" in page.text


def test_without_a_mentor_the_work_goes_to_a_trainer(cast, browser, path):
    cast.enrolment.mentor_id = None
    assert "Enviar a Tere" in browser(cast.owner).get(path).text


def test_a_photo_is_saved_by_itself_and_shown(cast, browser, path):
    page = save_photo(browser(cast.owner), path)
    assert "Guardada" in page.text
    kept = db.session.query(Attachment).one()
    assert (kept.media_type, kept.slot, kept.user_id) == ("image/webp", "frente", cast.owner.id)
    images = [image.attributes["src"] for image in page.root.find_all("img")]
    assert f"/attachments/{kept.id}/small" in images
    small = browser(cast.owner).get(images[0])
    assert small.status == 200 and small.headers["Content-Type"] == "image/webp"


def test_a_file_that_is_no_photo_is_refused_at_its_place(cast, browser, path):
    page = save_photo(browser(cast.owner), path, picture=(io.BytesIO(b"#!/bin/sh"), "foto.jpg"))
    assert page.status == 422
    assert any("no es una foto" in error for error in page.errors)
    assert db.session.query(Attachment).count() == 0


def test_no_file_chosen_is_said_at_the_place(cast, browser, path):
    member = browser(cast.owner)
    page = member.send(member.get(path), path, "Guardar esta foto")
    assert page.status == 422 and any("Primero escoge" in error for error in page.errors)


def test_a_place_that_the_task_does_not_have_does_not_exist(cast, browser, path):
    member = browser(cast.owner)
    token = member.get(path).root.find("input", name="csrf_token").attributes["value"]
    assert member.post(f"{path}/slots/otra", {"csrf_token": token}).status == 404


def test_a_photo_can_be_changed_and_taken_away(cast, browser, path):
    member = browser(cast.owner)
    save_photo(member, path)
    page = member.submit(f"{path}?change=frente", "Guardar en su lugar", files={"frente-file": photo("red")})
    assert "Guardada" in page.text
    first, second = db.session.query(Attachment).order_by(Attachment.id)
    assert first.replaced_at is not None and second.replaced_at is None
    page = member.submit(f"{path}?change=frente", "Quitar lo que hay")
    assert "Guardada" not in page.text
    assert work.files(the_work(cast)) == {}


def test_words_are_kept_by_their_own_button(cast, browser, path):
    member = browser(cast.owner)
    member.submit(path, "Guardar y seguir después", text="La luz entra poquita")
    assert "La luz entra poquita" in browser(cast.son).get(path).text
    assert the_work(cast).state is SubmissionState.DRAFT


def test_what_is_missing_is_said_before_sending_and_no_word_is_lost(cast, browser, path):
    member = browser(cast.owner)
    assert "Falta 1 foto" in member.get(path).text
    page = send(member, path, text="Mi trabajo")
    assert page.text.count("Falta la foto “Foto de frente”.") == 2
    assert "Mi trabajo" in page.text
    assert the_work(cast).state is SubmissionState.DRAFT
    assert the_work(cast).text == "Mi trabajo"


def test_sending_gives_a_receipt_with_folio_files_and_time(cast, browser, path, heard):
    member = browser(cast.owner)
    save_photo(member, path)
    page = send(member, path, text="Mi trabajo")
    version = db.session.query(SubmissionVersion).one()
    assert len(version.folio) == 8 and not set(version.folio) & set("ILOU")
    for words in (version.folio, "foto.jpg", "Telas Lupita", "Lupita Ríos", "14 de octubre", "12:00 p. m."):
        assert words in page.text
    told = [event for event in heard if isinstance(event, events.SubmissionHandedIn)]
    assert [(event.folio, event.title) for event in told] == [(version.folio, "Tarea 1")]
    assert cast.enrolment.last_activity_at is not None
    assert "Enviada a Mario" in member.get(path).text


def test_two_taps_send_once_and_show_the_same_receipt(cast, browser, path):
    member = browser(cast.owner)
    save_photo(member, path)
    page = member.get(path)
    first = member.send(page, path, "Enviar a", follow=False, text="x")
    again = member.send(page, path, "Enviar a", follow=False, text="x")
    assert first.location == again.location and "/receipts/1" in first.location
    assert db.session.query(SubmissionVersion).count() == 1


def test_sent_work_is_not_changed_until_it_is_answered(cast, browser, path):
    member, other = browser(cast.owner), browser(cast.son)
    save_photo(member, path)
    page = other.get(path)
    send(member, path, text="x")
    answer = other.send(page, path, "Guardar y seguir después", text="tarde")
    assert answer.status == 422 and "ya se envió" in answer.text and "tarde" in answer.text
    assert the_work(cast).text == "x"


def test_both_people_work_at_the_same_task_and_who_did_what_is_kept(cast, browser, path):
    save_photo(browser(cast.son), path)
    send(browser(cast.owner), path, text="x")
    submission = the_work(cast)
    assert submission.attachments[0].user_id == cast.son.id
    assert submission.versions[0].user_id == cast.owner.id


def test_work_that_comes_back_starts_from_what_was_sent(cast, browser, path):
    member = browser(cast.owner)
    save_photo(member, path)
    send(member, path, text="Primera vez")
    services.review(the_work(cast), Outcome.RETURNED, {}, "Acércate más", revision=1, by=cast.trainer)
    page = member.get(path)
    assert "Tere te pide un cambio" in page.text and "Acércate más" in page.text
    assert "Primera vez" in page.text and "Guardada" in page.text
    page = send(member, path, text="Segunda vez")
    assert (
        "/receipts/2" in str([v.number for v in the_work(cast).versions]) or len(the_work(cast).versions) == 2
    )
    history = member.get(f"/submissions/{the_work(cast).id}")
    for words in ("Primera vez", "Segunda vez", "Acércate más", "Versión 1", "Versión 2"):
        assert words in history.text


def test_a_replaced_photo_stays_with_the_version_that_showed_it(cast, browser, path):
    member = browser(cast.owner)
    save_photo(member, path)
    send(member, path)
    services.review(the_work(cast), Outcome.RETURNED, {}, "Otra", revision=1, by=cast.trainer)
    member.submit(
        f"{path}?change=frente", "Guardar en su lugar", files={"frente-file": photo("red", "nueva.jpg")}
    )
    send(member, path)
    first, second = the_work(cast).versions
    assert [file.original_name for file in work.files_of(first)] == ["foto.jpg"]
    assert [file.original_name for file in work.files_of(second)] == ["nueva.jpg"]


def test_a_link_is_checked_when_it_is_sent(cast, browser, path, brief):
    brief.link_label = "Tu publicación"
    member = browser(cast.owner)
    save_photo(member, path)
    page = send(member, path, link="mi tienda")
    assert "Escribe la liga completa" in page.text and "mi tienda" in page.html
    send(member, path, link="www.mercadolibre.com.mx/p/1")
    assert the_work(cast).versions[0].link == "https://www.mercadolibre.com.mx/p/1"


@pytest.mark.parametrize(
    "typed", ["javascript:alert(1)", "ftp://a.mx", "https://", "hola", "http://[", "a b.mx"]
)
def test_what_no_browser_should_open_is_no_link(typed):
    assert work.web_address(typed) is None


def test_nobody_else_sees_the_work_the_receipt_or_the_photos(cast, browser, path):
    member = browser(cast.owner)
    save_photo(member, path)
    send(member, path)
    submission = the_work(cast)
    pages = [
        f"/submissions/{submission.id}",
        f"/submissions/{submission.id}/receipts/1",
        f"/attachments/{submission.attachments[0].id}",
        f"/attachments/{submission.attachments[0].id}/small",
    ]
    for page in pages:
        for person in (cast.owner, cast.son, cast.trainer, cast.mentor, cast.lead):
            assert browser(person).get(page).status == 200, (person.name, page)
        for person in (
            cast.rival,
            cast.outsider,
            cast.other_trainer,
            cast.other_mentor,
            cast.other_lead,
            cast.admin,
        ):
            assert browser(person).get(page).status == 404, (person.name, page)


def test_a_handed_in_file_is_harmless(cast, browser, path):
    member = browser(cast.owner)
    save_photo(member, path, picture=photo(name='x"; y.jpg\r\nSet-Cookie: a=b'))
    answer = member.get(f"/attachments/{db.session.query(Attachment).one().id}")
    assert answer.headers["Content-Security-Policy"].startswith("sandbox")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "Set-Cookie" not in answer.headers or "a=b" not in answer.headers["Set-Cookie"]


def test_a_task_of_another_course_does_not_exist(cast, browser):
    assert browser(cast.owner).get(f"/briefs/{cast.other_version.week_rows[1].brief.id}").status == 404


def test_begun_work_goes_on_when_the_cohort_moves_to_a_newer_text(cast, browser, path, brief):
    member = browser(cast.owner)
    member.submit(path, "Guardar y seguir después", text="Empezado antes")
    newer = build.course_version("fashion", number=2)
    cast.cohort.course_version_id = newer.id
    page = member.get(f"/briefs/{newer.week_rows[1].brief.id}")
    assert page.location.endswith(path)
    assert "Empezado antes" in member.get(path).text


def test_after_the_end_nothing_is_sent(cast, browser, path):
    cast.enrolment.state = EnrolmentState.GRADUATED
    page = browser(cast.owner).submit(path, "Guardar y seguir después", text="tarde")
    assert page.status == 422 and "Tu curso ya terminó" in page.text


def test_the_course_page_shows_how_tasks_stand(cast, browser, path, brief):
    build.submission(cast.enrolment, brief, cast.owner, SubmissionState.RETURNED)
    assert "Por corregir" in browser(cast.owner).get("/course").text


def test_standings_say_state_and_how_often_it_was_sent_back(cast, brief):
    build.submission(cast.enrolment, brief, cast.owner, SubmissionState.RETURNED)
    build.submission(cast.rival_enrolment, brief, cast.rival, SubmissionState.ACCEPTED)
    both = [cast.enrolment.id, cast.rival_enrolment.id]
    assert services.standings(both)[both[0]][brief.slug].times_returned == 1
    assert services.accepted_briefs(both) == {both[0]: frozenset(), both[1]: {brief.slug}}


def test_the_task_page_takes_a_fixed_number_of_queries(cast, browser, path, count_queries):
    member = browser(cast.owner)
    save_photo(member, path)
    with count_queries() as few:
        member.get(path)
    save_photo(member, path, "lado")
    with count_queries() as more:
        member.get(path)
    assert len(more) == len(few) <= 12

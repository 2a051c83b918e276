"""A week's work without a connection, in a real browser behind a line that is really cut."""

import time
from contextlib import suppress
from datetime import date
from types import SimpleNamespace

import pytest
from playwright.sync_api import Error as PlaywrightError
from sqlalchemy import select

from lms.assignments.models import Attachment, Submission, SubmissionState, SubmissionVersion
from lms.foundation.db import db
from lms.learning.models import Attempt, Reading
from lms.mentoring.models import HelpRequest
from lms.sales.models import Figure
from tests.browser.line import Line
from tests.browser.pictures import photo
from tests.browser.visitor import Findings, Visitor

IS_KEPT = """async () => Boolean(navigator.serviceWorker.controller)
  && Boolean(await outbox.fact(`synced-${offline.person}`))"""
FULL = """() => {
  IDBObjectStore.prototype.put = () => { throw new DOMException('no room', 'QuotaExceededError'); };
}"""
# The script that keeps and sends comes after the page.
THERE = "while (!window.offline) await new Promise((wait) => setTimeout(wait, 50));"
WAITING = f"""async () => {{
  {THERE}
  return (await outbox.of(offline.person)).filter((e) => e.state === 'waiting').length;
}}"""
REPLAY = f"async () => {{ {THERE} await offline.replay(); }}"
# What a page says once it has tried to send and found no connection.
TRIED = "Sin conexión. Sigue"


@pytest.fixture
def workshop(house):
    """The cast in the first week of its course, behind a line."""
    with house.app.app_context():
        cast = house.cast()
        cast.cohort.starts_on = date(2026, 10, 12)
        week = cast.version.week_rows[1]
        lessons = [lesson.id for lesson in week.lessons]
        places = SimpleNamespace(
            lessons=lessons,
            brief=week.brief.id,
            quiz=week.quiz.id,
            owner=cast.owner.email,
            son=cast.son.email,
        )
        db.session.commit()
        db.session.remove()
    line = Line(house.server.effective_port)
    yield SimpleNamespace(house=house, line=line, places=places)
    line.cut()


@pytest.fixture
def phone(chromium, workshop):
    """Lupita's phone, on which this week's pages are kept already."""
    findings = Findings()
    visitor = Visitor(chromium, SimpleNamespace(app=workshop.house.app, url=workshop.line.url), findings)
    # What a cut line makes the browser say about itself is not the product's fault.
    visitor.page.remove_listener("console", visitor._hear)
    enter(visitor, workshop, workshop.places.owner)
    until(visitor, IS_KEPT)
    yield visitor
    visitor.close()
    findings.assert_none()


def until(visitor: Visitor, question: str, seconds: int = 20) -> None:
    """Ask the page until it says yes; it may leave for another page meanwhile."""
    end = time.monotonic() + seconds
    while True:
        with suppress(PlaywrightError):
            if visitor.page.evaluate(question):
                return
        assert time.monotonic() < end, f"{question} on {visitor.page.url}"
        visitor.page.wait_for_timeout(100)


def enter(visitor: Visitor, workshop, email: str) -> None:
    visitor.page.goto(workshop.house.make_link(email).replace(workshop.house.url, workshop.line.url))
    visitor.page.get_by_role("button").first.click()
    visitor.page.wait_for_url("**/home")


def count(workshop, *criteria) -> int:
    with workshop.house.app.app_context():
        found = len(db.session.scalars(select(criteria[0]).where(*criteria[1:])).all())
        db.session.remove()
    return found


def all_sent(visitor: Visitor) -> None:
    until(visitor, f"async () => (await ({WAITING})()) === 0")


def reads_again(visitor: Visitor, workshop, email: str) -> None:
    enter(visitor, workshop, email)
    until(visitor, IS_KEPT)


def asks_help(visitor: Visitor, words: str) -> None:
    visitor.page.goto("/help")
    visitor.page.locator("textarea").fill(words)
    press(visitor, "Pedir ayuda")
    visitor.page.wait_for_url("**/offline?saved=*")


def press(visitor: Visitor, name: str, within=None) -> None:
    visitor._found((within or visitor.page).get_by_role("button", name=name)).click()


def do_a_week(visitor: Visitor, places) -> int:
    """Two lessons, a task with a photo and words, a quiz, and a call for help: how many things wait then."""
    for lesson in places.lessons:
        visitor.page.goto(f"/lessons/{lesson}")
        press(visitor, "Ya la terminé")
        visitor.page.wait_for_url("**/offline?saved=*")
    visitor.page.goto(f"/briefs/{places.brief}")
    visitor.page.locator("input[type=file]").first.set_input_files(photo("frente"))
    visitor.page.wait_for_url("**/offline?saved=*")
    visitor.page.goto(f"/briefs/{places.brief}")
    visitor.page.locator("textarea").fill("La tomé junto a la ventana.")
    press(visitor, "Enviar a")
    visitor.page.wait_for_url("**/offline?saved=*")
    visitor.page.goto(f"/quizzes/{places.quiz}/whole")
    for question in visitor.page.locator("fieldset").all():
        question.get_by_label("Opción 1").check()
    press(visitor, "Enviar mis respuestas")
    visitor.page.wait_for_url("**/offline?saved=*")
    asks_help(visitor, "No sé qué foto elegir.")
    return len(places.lessons) + 4


def test_a_week_done_without_a_connection_arrives_once_and_whole(phone, workshop):
    workshop.line.cut()
    made = do_a_week(phone, workshop.places)
    phone.sees("se queda guardado en este teléfono", TRIED)
    assert phone.page.evaluate(WAITING) == made
    assert count(workshop, Reading) == 0

    workshop.line.mend()
    press(phone, "Enviar ahora")
    all_sent(phone)
    assert count(workshop, Reading, Reading.done_at.is_not(None)) == 2
    assert count(workshop, HelpRequest) == 1
    assert count(workshop, Attempt, Attempt.passed) == 1
    assert count(workshop, Attachment) == 1
    assert count(workshop, Submission, Submission.state == SubmissionState.HANDED_IN) == 1
    assert count(workshop, SubmissionVersion, SubmissionVersion.made_offline_at.is_not(None)) == 1
    phone.page.goto("/offline")
    phone.sees("Ya enviado", "Folio", "3 de 3 bien", "Nada por enviar")


def test_what_breaks_off_anywhere_on_the_way_arrives_exactly_once(phone, workshop):
    """The line breaks after 20 different numbers of bytes of what the server answers, from none to all."""
    for place in range(20):
        workshop.line.cut()
        asks_help(phone, f"Ayuda {place}")
        workshop.line.mend()
        workshop.line.cut_after(place * 110)
        phone.page.evaluate(REPLAY)
        workshop.line.mend()
        phone.page.evaluate(REPLAY)
        all_sent(phone)
        assert count(workshop, HelpRequest) == place + 1
    assert count(workshop, HelpRequest, HelpRequest.text.like("Ayuda %")) == 20


def test_pressing_twice_without_a_connection_sends_one_thing(phone, workshop):
    phone.page.goto("/help")
    phone.page.locator("textarea").fill("Dos veces")
    workshop.line.cut()
    phone.page.get_by_role("button", name="Pedir ayuda").dblclick()
    phone.page.wait_for_url("**/offline?saved=*")
    phone.page.go_back()
    press(phone, "Pedir ayuda")
    phone.page.wait_for_url("**/offline?saved=*")
    assert phone.page.evaluate(WAITING) == 1
    workshop.line.mend()
    phone.page.evaluate(REPLAY)
    all_sent(phone)
    assert count(workshop, HelpRequest) == 1


def test_two_things_written_on_the_same_kept_page_are_two(phone, workshop):
    workshop.line.cut()
    asks_help(phone, "Primera")
    asks_help(phone, "Segunda")
    workshop.line.mend()
    phone.page.evaluate(REPLAY)
    all_sent(phone)
    assert count(workshop, HelpRequest) == 2


def test_a_closed_page_and_an_ended_session_lose_nothing(phone, workshop):
    workshop.line.cut()
    asks_help(phone, "Antes de cerrar")
    phone.page.close()
    phone.context.clear_cookies()
    workshop.line.mend()
    phone.page = phone.context.new_page()
    phone.page.goto("/sign-in")
    phone.sees("Hay 1 envío guardado en este teléfono")
    assert count(workshop, HelpRequest) == 0
    reads_again(phone, workshop, workshop.places.owner)
    all_sent(phone)
    assert count(workshop, HelpRequest) == 1


def test_somebody_else_on_the_same_phone_neither_sees_nor_sends_it(phone, workshop):
    workshop.line.cut()
    asks_help(phone, "Solo de Lupita")
    workshop.line.mend()
    phone.context.clear_cookies()
    reads_again(phone, workshop, workshop.places.son)
    phone.page.goto("/offline")
    phone.sees("Nada por enviar")
    phone.page.evaluate(REPLAY)
    assert count(workshop, HelpRequest) == 0
    workshop.line.cut()
    phone.page.goto("/offline")
    phone.does_not_see("Solo de Lupita", "Pediste ayuda")
    workshop.line.mend()
    phone.context.clear_cookies()
    reads_again(phone, workshop, workshop.places.owner)
    all_sent(phone)
    assert count(workshop, HelpRequest) == 1


def test_whoever_leaves_the_phone_takes_the_pages_along_and_not_what_waits(phone, workshop):
    phone.page.goto("/help")
    workshop.line.cut()
    asks_help(phone, "Antes de salir")
    hold = phone.context.new_page()
    hold.goto("/offline")
    hold.evaluate("() => { navigator.locks.request('outbox', () => new Promise(() => {})); }")
    workshop.line.mend()
    phone.page.goto("/sign-out")
    press(phone, "Salir", phone.page.locator("main"))
    phone.page.wait_for_url("**/sign-in*")
    kept = "async () => (await caches.keys()).filter((name) => name.startsWith('pages-')).length"
    assert phone.page.evaluate(kept) == 0
    hold.close()
    assert count(workshop, HelpRequest) == 0
    reads_again(phone, workshop, workshop.places.owner)
    all_sent(phone)
    assert count(workshop, HelpRequest) == 1


def test_sales_worth_a_second_look_come_back_to_be_corrected(phone, workshop):
    phone.page.goto("/sales")
    workshop.line.cut()
    phone.page.locator("input[data-add]").first.fill("58")
    press(phone, "Revisar y enviar")
    phone.page.wait_for_url("**/offline?saved=*")
    workshop.line.mend()
    phone.page.evaluate(REPLAY)
    phone.sees("Revisa estos", "Revisa tus ventas de septiembre")
    assert count(workshop, Figure) == 0
    press(phone, "Abrir y corregir")
    phone.page.wait_for_url("**/sales/check*")
    phone.sees("¿Está bien así?", "¿Pusiste miles")
    press(phone, "Sí, enviar")
    phone.page.wait_for_url("**/sales/history")
    assert count(workshop, Figure) > 0


def test_a_full_phone_says_so_and_keeps_the_words(phone, workshop):
    phone.page.goto("/help")
    phone.page.locator("textarea").fill("No cabe")
    phone.context.service_workers[0].evaluate(FULL)
    workshop.line.cut()
    press(phone, "Pedir ayuda")
    phone.page.wait_for_url("**/offline?full=1")
    phone.sees("No hay espacio en este teléfono")
    phone.page.go_back()
    assert phone.page.locator("textarea").input_value() == "No cabe"
    workshop.line.mend()
    phone.page.reload()
    assert phone.page.locator("textarea").input_value() == "No cabe"


def test_a_page_that_is_not_kept_says_which_are(phone, workshop):
    workshop.line.cut()
    phone.page.goto("/my-data")
    phone.sees("esa página no está guardada", "Lección 1.1")
    phone.page.goto("/progress")
    phone.heading_is("avance")


def test_chromium_may_install_it_and_reads_it_without_a_connection(phone, workshop):
    devtools = phone.context.new_cdp_session(phone.page)
    assert devtools.send("Page.getInstallabilityErrors")["installabilityErrors"] == []
    assert devtools.send("Page.getAppManifest")["errors"] == []
    workshop.line.cut()
    phone.page.reload()
    phone.page.goto("/home")
    phone.sees("Sin conexión", "Semana 1")

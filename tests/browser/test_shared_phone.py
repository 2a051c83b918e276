"""Two members on one phone, in a real browser behind a line that is really cut."""

import pytest

from lms.mentoring.models import HelpRequest
from tests.browser.test_offline import (  # two of them are fixtures
    IS_KEPT,
    WAITING,
    all_sent,
    asks_help,
    count,
    enter,
    phone,  # noqa: F401
    press,
    until,
    workshop,  # noqa: F401
)
from tests.browser.visitor import Findings, Visitor

OWNERS, SONS = "493817", "260475"
PAGES = "async () => (await caches.keys()).filter((name) => name.startsWith('pages-'))"
EVERYBODYS = "async () => (await outbox.everything()).length"


@pytest.fixture
def shared(phone, workshop):  # noqa: F811
    """Lupita's phone, on which Beto has a PIN too; she is signed in and her week is kept."""
    chooses_pin(phone, OWNERS, name="Celular del taller")
    leaves_for_the_next(phone)
    press_link(phone, "Entrar con un código")
    enter(phone, workshop, workshop.places.son)
    chooses_pin(phone, SONS)
    leaves_for_the_next(phone)
    enters_with_pin(phone, "Lupita", OWNERS)
    until(phone, IS_KEPT)
    return phone


def press_link(visitor: Visitor, name: str) -> None:
    visitor._found(visitor.page.get_by_role("link", name=name)).click()


def chooses_pin(visitor: Visitor, pin: str, name: str = "") -> None:
    visitor.open("/phone/pin").fill({"PIN de 6": pin, "El mismo PIN": pin})
    if name:
        visitor.fill({"¿Cómo le dices": name})
    press(visitor, "Guardar mi PIN")
    visitor.page.wait_for_url("**/phone")
    visitor.arrive()


def leaves_for_the_next(visitor: Visitor) -> None:
    visitor.open("/account")
    press(visitor, "Cambiar de persona", visitor.page.locator("main"))
    visitor.page.wait_for_url("**/sign-in")
    visitor.arrive().heading_is("¿Quién eres?")


def enters_with_pin(visitor: Visitor, name: str, pin: str) -> None:
    press_link(visitor, name)
    visitor.page.wait_for_url("**/sign-in/pin/*")
    visitor.arrive().fill({"PIN de 6": pin})
    press(visitor, "Entrar", visitor.page.locator("main"))
    visitor.page.wait_for_url("**/home")


def waits_while_leaving(visitor: Visitor, line, words: str) -> None:
    """Something written without a connection that cannot leave before its writer does."""
    line.cut()
    asks_help(visitor, words)
    hold = visitor.context.new_page()
    hold.goto("/offline")
    hold.evaluate("() => { navigator.locks.request('outbox', () => new Promise(() => {})); }")
    line.mend()
    leaves_for_the_next(visitor)
    hold.close()


def test_what_one_wrote_offline_waits_for_their_return_and_the_other_never_sees_it(shared, workshop):  # noqa: F811
    shared.page.goto("/help")
    waits_while_leaving(shared, workshop.line, "Solo de Lupita")
    assert shared.page.evaluate(PAGES) == [], "her pages went with her"
    shared.sees("Hay 1 envío guardado")

    enters_with_pin(shared, "Beto", SONS)
    until(shared, IS_KEPT)
    shared.open("/offline").sees("Nada por enviar").does_not_see("Solo de Lupita", "Pediste ayuda")
    shared.page.evaluate("() => offline.replay()")
    assert count(workshop, HelpRequest) == 0
    workshop.line.cut()
    shared.page.goto("/offline")
    shared.does_not_see("Solo de Lupita", "Pediste ayuda")
    asks_help(shared, "De Beto")
    assert shared.page.evaluate(EVERYBODYS) == 2 and shared.page.evaluate(WAITING) == 1
    workshop.line.mend()
    press(shared, "Enviar ahora")
    all_sent(shared)
    assert count(workshop, HelpRequest, HelpRequest.text == "De Beto") == count(workshop, HelpRequest) == 1

    leaves_for_the_next(shared)
    enters_with_pin(shared, "Lupita", OWNERS)
    all_sent(shared)
    assert count(workshop, HelpRequest, HelpRequest.text == "Solo de Lupita") == 1
    assert count(workshop, HelpRequest) == 2
    until(shared, IS_KEPT)


def test_a_draft_of_one_outlives_the_turn_of_the_other(shared):
    shared.page.goto("/help")
    shared.page.locator("textarea").fill("A medias")
    leaves_for_the_next(shared)
    enters_with_pin(shared, "Beto", SONS)
    shared.open("/help")
    assert shared.page.locator("textarea").input_value() == ""
    leaves_for_the_next(shared)
    enters_with_pin(shared, "Lupita", OWNERS)
    shared.open("/help")
    assert shared.page.locator("textarea").input_value() == "A medias"


def test_after_five_wrong_pins_a_code_is_the_way_in(shared):
    leaves_for_the_next(shared)
    shared.follow("Beto")
    for _try in range(5):
        shared.fill({"PIN de 6": OWNERS})
        shared.press("Entrar", shared.page.locator("main"))
    shared.sees("Hubo muchos intentos").follow("Entrar con un código", shared.page.locator("main"))
    shared.heading_is("Entra con tu correo").follow("¿Quién eres?")


def test_all_of_it_works_without_scripts(chromium, workshop):  # noqa: F811
    visitor = Visitor(chromium, workshop.house, Findings(), javascript=False)
    visitor.open(workshop.house.make_link(workshop.places.owner)).press("Sí, entrar")
    visitor.open("/phone/pin").fill({"PIN de 6": OWNERS, "El mismo PIN": OWNERS}).press("Guardar mi PIN")
    visitor.open("/account").press("Cambiar de persona").heading_is("¿Quién eres?")
    visitor.follow("Lupita").fill({"PIN de 6": OWNERS}).press("Entrar", visitor.page.locator("main"))
    visitor.heading_is("Hola, Lupita").open("/sign-out").press("Salir de todos")
    visitor.heading_is("¿Quién eres?").sees("Ya saliste")
    visitor.close()
    visitor.findings.assert_none()

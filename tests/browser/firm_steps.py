"""What the people of a firm do in the journey, on their phones."""

import re

from playwright.sync_api import expect

from tests.browser.pictures import photo
from tests.browser.staff_steps import FIRM, LINK, OWNER_MAIL, PROGRAMME
from tests.browser.visitor import Visitor

SON, SON_MAIL = "Beto Ríos", "beto@example.org"
BRIEF = "Sube tu línea base"
WORDS = "Local: libreta, 12 meses. WhatsApp: no sé. Trabajamos 4."
CODE = re.compile(r"\b\d{6}\b")


def accept_invitation(owner: Visitor, letter: str) -> None:
    owner.open(LINK.search(letter).group()).heading_is(f"invita a {FIRM} a {PROGRAMME}")
    owner.sees("Una hora al día", "Puedes salirte cuando quieras").unfold("Aviso de privacidad: versión 1")
    owner.sees("cuida tus datos").press("Aceptar y empezar").is_told("Sin esto no podemos dejarte entrar.")
    owner.tick("Leí el aviso y acepto").press("Aceptar y empezar").sees("Te damos la bienvenida, Lupita.")


def invite_son(owner: Visitor) -> None:
    owner.follow("Tu cuenta").follow("Personas de mi empresa")
    owner.fill({"Nombre completo": SON, "Correo": SON_MAIL}).tick("Responsable digital")
    owner.press("Mandar la invitación").sees("tiene 7 días para aceptar")


def son_accepts(son: Visitor, letter: str) -> None:
    son.open(LINK.search(letter).group()).sees("Invitación para Beto").tick("Leí el aviso y acepto")
    son.press("Aceptar y empezar").heading_is("Hola, Beto")


def do_lesson(member: Visitor) -> None:
    """From the one next step: tick the list, answer the question, done."""
    member.follow("Inicio").follow("Seguir con la lección").heading_is("Quién ve tus datos")
    member.tick("Leí quién ve mis ventas.", "Sé qué tapar").press("Guardar mi lista")
    expect(member.field("Sé qué tapar")).to_be_checked()
    member.tick("Digo que sí a todo").press("Ver mi respuesta").sees("Todavía no.", "No hace falta.")
    member.follow("Intentar otra vez").tick("Acepto lo necesario").press("Ver mi respuesta").sees("¡Correcto!")
    member.press("Ya la terminé, seguir").heading_is("Qué cuenta como venta")


def take_quiz(member: Visitor, answers: list[str], wrong: str) -> None:
    """One question a page; the first is answered wrongly and says why."""
    for place, right in enumerate(answers):
        member.sees(f"Pregunta {place + 1} de {len(answers)}")
        member.tick(right if place else wrong).press("Ver mi respuesta")
        member.sees("Tu respuesta, correcta" if place else "Todavía no.")
        member.follow("Siguiente pregunta" if place + 1 < len(answers) else "Ver mi resultado")
    member.heading_is(f"{len(answers) - 1} de {len(answers)} correctas").sees("Pasaste esta prueba.", "Lo que faltó")

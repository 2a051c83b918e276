"""What the people of a firm do in the journey, on their phones."""

import re
from pathlib import Path

from playwright.sync_api import expect

from lms.curriculum.source import read
from tests.browser.pictures import photo
from tests.browser.staff_steps import FIRM, LINK, PROGRAMME
from tests.browser.visitor import Visitor

SON, SON_MAIL = "Beto Ríos", "beto@example.org"
BRIEF = "Sube tu línea base"
WORDS = "Local: libreta, 12 meses. WhatsApp: no sé. Trabajamos 4."
COUNTER, SOCIAL = "En tu taller o local", "WhatsApp, Facebook e Instagram"
COURSES = Path(__file__).parents[2] / "courses"
COURSE = read(COURSES / "fashion", COURSES / "core", COURSES / "facts.toml")
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
    member.follow("Pespunte").follow("Seguir con la lección").heading_is("Quién ve tus datos")
    member.tick("Leí quién ve mis ventas.", "Sé qué tapar").press("Guardar mi lista")
    expect(member.field("Sé qué tapar")).to_be_checked()
    member.tick("Digo que sí a todo").press("Ver mi respuesta").sees("Todavía no.", "No hace falta.")
    member.follow("Intentar otra vez").tick("Acepto lo necesario").press("Ver mi respuesta")
    member.sees("¡Correcto!")
    member.press("Ya la terminé, seguir").heading_is("Qué cuenta como venta")


def take_baseline_quiz(member: Visitor) -> None:
    member.follow("Volver al curso").follow("Repaso: línea base")
    _take_quiz(member, "week-00/quiz")


def take_final_quiz(member: Visitor) -> None:
    """Any week can be read at any time: its quiz lies folded below its title."""
    final = COURSE.week_rows[-1]
    member.follow("Pespunte").follow("Mi curso").unfold(f"Semana {final.number}: {final.title}")
    member.follow(final.quiz.title)
    _take_quiz(member, COURSE.final_quiz)


def _take_quiz(member: Visitor, slug: str) -> None:
    """One question a page: the first is not answered at first, then wrongly, which says why.

    Which questions of the bank are asked differs from try to try, so each is looked up by its words.
    """
    quiz = next(item for item in COURSE.items if item.slug == slug)
    options = {question.prompt: question.options for question in quiz.questions}
    member.press("Empezar la prueba").press("Ver mi respuesta").is_told("Elige")
    for place in range(quiz.ask):
        member.sees(f"Pregunta {place + 1} de {quiz.ask}")
        asked = options[member.page.get_by_role("heading", level=1).inner_text()]
        answer = next(option.text for option in asked if option.right == bool(place))
        member.page.get_by_role("radio", name=answer, exact=True).check()
        member.press("Ver mi respuesta")
        member.sees("Tu respuesta, correcta" if place else "Todavía no.")
        member.follow("Siguiente pregunta" if place + 1 < quiz.ask else "Ver mi resultado")
    member.heading_is(f"{quiz.ask - 1} de {quiz.ask} correctas")
    member.sees("Pasaste esta prueba.", "Lo que faltó")


def hand_in_task(member: Visitor) -> str:
    """First without its file: what was written is kept. Gives the folio of the receipt."""
    member.follow("Volver al curso").follow(BRIEF).heading_is(BRIEF)
    member.fill({"Escribe: canales": WORDS}).press("Enviar a Tere").is_told("Falta el archivo")
    member.still_has({"Escribe: canales": WORDS})
    _save(member, "Foto de libreta o notas", photo("libreta"), "Guardar esta foto")
    member.sees("Guardada")
    channel = photo("mostrador", "#2b5a8a")
    _save(member, "Archivo o foto de tu canal principal", channel, "Guardar este archivo")
    member.does_not_see("Falta 1 foto o archivo")
    member.press("Enviar a Tere").heading_is(f"Enviada: {BRIEF}")
    return member.page.locator("b.num").first.inner_text()


def _save(member: Visitor, label: str, picture: dict, button: str) -> None:
    """What is chosen goes by itself; without scripts a button sends it."""
    member.attach(label, picture)
    if not member.javascript:
        member.press(button, within=member.page.locator("form.slot", has=member.field(label)))


def hand_in_again(member: Visitor, comment: str) -> None:
    """The comment is on the phone; one photo is changed and the work sent once more."""
    member.follow("Pespunte").sees("Lo que te dijo Tere", comment).follow("Abrir la tarea")
    member.sees("Tere te pide un cambio").follow("Cambiar: Foto de libreta o notas")
    covered = photo("libreta tapada", "#555555")
    _save(member, "Foto de libreta o notas", covered, "Guardar en su lugar")
    member.does_not_see("Quitar lo que hay").sees("Guardada").press("Enviar a Tere").heading_is(
        f"Enviada: {BRIEF}"
    ).sees("Versión: 2")


def sees_acceptance(member: Visitor) -> None:
    member.follow("Volver a la tarea").sees("Tu tarea está aprobada").follow("Ver todo lo que se envió")
    member.heading_is(BRIEF).sees("Versión 2", "Versión 1", "ahora todo va tapado")


def write_baseline(member: Visitor) -> None:
    """Twelve months at the counter, one of them written wrongly at first, one unknown."""
    member.follow("Pespunte").follow("Anotar mi punto de partida").heading_is("Tu punto de partida")
    months = member.page.locator("form .card-s")
    expect(months).to_have_count(12)
    months.nth(0).get_by_label("No sé").check()
    for place in range(1, 12):
        months.nth(place).get_by_role("textbox").fill(f"{30 + place},000")
    months.nth(1).get_by_role("textbox").fill("treinta mil")
    member.press("Guardar este lugar").is_told("Escribe solo números")
    expect(months.nth(1).get_by_role("textbox")).to_have_value("treinta mil")
    expect(months.nth(11).get_by_role("textbox")).to_have_value("41,000")
    months.nth(1).get_by_role("textbox").fill("31,000")
    member.press("Guardar este lugar").sees("Se conocen 11 meses de 12.")


def freeze_baseline(member: Visitor) -> None:
    member.follow("Anotarlo").follow("Es todo: congelarlo")
    member.fill({"¿De dónde salen estos números?": "Mi libreta"}).press("Congelarlo")
    member.sees("Congelado el", "De dónde sale: Mi libreta")


def read_agreements(member: Visitor, shared: str, internal: str, agreement: str) -> None:
    member.follow("Pespunte").sees(agreement).follow("Notas y acuerdos").sees(shared, agreement)
    member.does_not_see(internal)
    member.press(f"Listo: {agreement}").press(f"Aún no: {agreement}").press(f"Listo: {agreement}")
    member.sees("Aún no")


def report_august(member: Visitor) -> None:
    """Words instead of a number, then a zero too many, which the check page asks about."""
    member.follow("Mis ventas").heading_is("Tus ventas de agosto")
    member.fill({COUNTER: "cuarenta mil", SOCIAL: "5,200"})
    member.press("Revisar y enviar").is_told("Escribe solo números")
    member.still_has({COUNTER: "cuarenta mil", SOCIAL: "5,200"}).fill({COUNTER: "420,000"})
    if member.javascript:
        expect(member.page.locator("output")).to_have_text("$425,200")
    member.press("Revisar y enviar").heading_is("¿Está bien así?").sees("¿Sobra un cero?").press("Corregir")
    expect(member.field(COUNTER)).to_have_value(re.compile("^420,?000$"))
    member.fill({COUNTER: "42,000"}).press("Revisar y enviar")
    member.does_not_see("¿Sobra un cero?").sees("$47,200").press("Sí, enviar")
    member.sees("Enviado. Gracias", "$47,200")


def report_september(member: Visitor) -> None:
    """With a photo of the notebook as evidence."""
    member.follow("Mis ventas").heading_is("Tus ventas de septiembre").sees("Agosto: $42,000")
    member.fill({COUNTER: "45,000", SOCIAL: "9,400"}).press("Revisar y enviar")
    member.attach("Foto de tu libreta", photo("septiembre")).press("Sí, enviar")
    member.sees("Enviado. Gracias", "$54,400")


def report_january(member: Visitor) -> None:
    """The first whole month after the course."""
    member.follow("Mis ventas").heading_is("Tus ventas de enero").fill({COUNTER: "58,000"})
    member.press("Revisar y enviar").sees("Todavía faltan estos meses").press("Sí, enviar")
    member.sees("Enviado. Gracias")


def add_invoices(member: Visitor, sample: Path) -> None:
    """An invoice from before the course, while its months are still open.

    First none is chosen; then what would change is looked at before it is kept.
    """
    member.follow("Pespunte").follow("Mis ventas").follow("Traer un archivo de ventas").press(
        "Ver qué cambiaría"
    )
    member.is_told("Elige al menos un archivo")
    member.tick("Mayoreo").attach("Tus archivos", str(sample)).press("Ver qué cambiaría")
    member.heading_is("Cuenta 1 factura").sees("Todavía no se guarda nada.", "Febrero de 2025", "$3,327")
    member.press("Sumar 1 factura").heading_is("Ventas sumadas")
    member.follow("Todos tus meses").sees("$3,327")


def sign_in_with_code(member: Visitor, address: str) -> None:
    """A mistyped code is explained; the one of the letter opens the page that was asked for."""
    member.open("/progress").heading_is("Entra con tu correo").press("Mandarme el código")
    member.is_told("Escribe el correo.")
    member.fill({"Correo": address}).press("Mandarme el código").heading_is("Escribe tu código")
    member.fill({"Código": "12345"}).press("Entrar").is_told("Ese código no sirve.")
    found = [CODE.search(letter) for letter in member.house.letters_to(address)]
    code = [match for match in found if match][-1].group()
    member.fill({"Código": f"{code[:3]} {code[3:]}"}).press("Entrar").heading_is("Tu avance")


def sign_out(member: Visitor) -> None:
    member.follow("Salir").heading_is("¿Salir?").press("Salir").sees("Ya saliste. Hasta pronto.")
    member.open("/home").heading_is("Entra con tu correo")


def claim_milestone(member: Visitor, title: str) -> None:
    member.follow("Mi avance").sees(title).follow("Ya lo logré").heading_is(title)
    member.press("Ya lo logré: enviar").is_told("Escribe en pocas palabras")
    member.fill({"¿Cuándo fue?": "2026-10-01", "¿Cómo se puede ver?": "mercadolibre.com.mx/perfil/LUPITA"})
    member.press("Ya lo logré: enviar").sees("Enviado. Tu capacitador lo revisa.")


def get_certificate(owner: Visitor) -> str:
    """The page, its PDF, and the address that anybody may check."""
    owner.follow("Pespunte").follow("Mi avance").follow("Ver mi constancia").heading_is(FIRM)
    owner.sees("Folio", PROGRAMME)
    with owner.page.expect_download() as waiting:
        owner.page.get_by_role("link", name="Descargar PDF").click()
    assert Path(waiting.value.path()).read_bytes().startswith(b"%PDF")
    return owner.page.get_by_role("link", name="mira la página que verá").get_attribute("href")


def check_certificate(stranger: Visitor, address: str) -> None:
    stranger.open(address).heading_is("Esta constancia es auténtica").sees(FIRM, PROGRAMME, "Vale")
    stranger.follow("Revisar otro folio").fill({"Folio": "NO-EXISTE"}).press("Revisar el folio")
    stranger.heading_is("Ninguna constancia tiene este folio").fill({"Folio": address.rpartition("/")[2]})
    stranger.press("Revisar el folio").heading_is("Esta constancia es auténtica")

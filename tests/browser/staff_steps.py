"""What the programme's people do in the journey: open it, invite, review, mentor, check, decide."""

import re

from playwright.sync_api import expect

from tests.browser.visitor import Visitor

PROGRAMME = "Polo de Puebla"
COHORT = "Otoño en Puebla"
FIRM = "Blusas Lupita"
RFC = "EKU9003173C9"  # the issuer of the sample invoice
OWNER, OWNER_MAIL = "Lupita Ríos", "lupita@example.org"
LEAD, LEAD_MAIL = "Lena Díaz", "lena@example.org"
TRAINER, TRAINER_MAIL = "Tere Luna", "tere@example.org"
COMMENT = "Se lee muy bien la libreta. Tapa el teléfono de la clienta."
NOTICE = "El Polo de Puebla cuida tus datos.\n\nLos usa para capacitarte y no los vende."

LINK = re.compile(r"http://\S+")


def enter_by_link(person: Visitor, link: str) -> None:
    person.open(link).heading_is("¿Entrar como la persona").press("Sí, entrar")


def accept_role(person: Visitor, letter: str) -> None:
    """A member of staff opens the invitation that came by mail."""
    person.open(LINK.search(letter).group()).heading_is("Te invitamos a trabajar").press("Aceptar y empezar")


def invite_trainer(admin: Visitor) -> None:
    admin.follow("Personas").follow("Invitar al equipo").press("Mandar la invitación")
    admin.is_told("Escribe el nombre.")
    admin.fill({"Nombre completo": TRAINER, "Correo": TRAINER_MAIL}).tick("Capacita")
    admin.press("Mandar la invitación").sees("tiene 7 días para aceptar")


def create_programme(admin: Visitor) -> None:
    admin.follow("Programas").follow("Programa nuevo").press("Guardar el programa")
    admin.is_told("Escribe algo aquí.")
    admin.fill(
        {
            "Nombre del programa": PROGRAMME,
            "Quién convoca": "Gobierno de Puebla",
            "Contacto": "polo@example.org",
            "A qué se compromete": "Una hora al día\nAnotar las ventas cada mes",
            "Aviso de privacidad": NOTICE,
        }
    ).tick(LEAD).press("Guardar el programa").sees(f"“{PROGRAMME}”", f"Coordina {LEAD}")


def open_cohort(lead: Visitor) -> None:
    """With rules that one firm can meet with the one task that it does here: 5% of seventeen."""
    lead.heading_is(PROGRAMME).follow("Abrir una generación")
    course = lead.field("Curso").locator("option", has_text="Ropa").inner_text()
    lead.fill({"Nombre de la generación": COHORT, "Curso": course, "Primer día": "2026-08-31"})
    lead.tick(TRAINER).untick("M2").tick("La prueba final")
    lead.fill({"Tareas obligatorias": "120", "Sesiones con asistencia": "75", "Meses de ventas": "2"})
    lead.press("Guardar la generación").is_told("De 0 a 100.").still_has({"Nombre de la generación": COHORT})
    lead.fill({"Tareas obligatorias": "5"}).press("Guardar la generación")
    lead.heading_is(COHORT).sees("La generación está abierta", f"Capacitadores: {TRAINER}")


def invite_firm(lead: Visitor) -> None:
    """First with a wrong address and without a sector: what was typed stays."""
    lead.follow("Invitar a una empresa")
    typed = {"Nombre de la empresa": FIRM, "RFC": RFC, "Ciudad": "Puebla", "A quién se invita": OWNER}
    lead.fill({**typed, "Su correo": "lupita"}).press("Mandar la invitación")
    lead.is_told("Escribe el correo completo").is_told("Elige").still_has(typed)
    lead.tick("Moda y textiles").fill({"Estado": "Puebla", "Su correo": OWNER_MAIL})
    lead.press("Mandar la invitación").sees("tiene 7 días para aceptar", FIRM, "con invitación")


def assign_mentor(lead: Visitor) -> None:
    lead.page.reload()
    lead.follow("Asignar").tick(TRAINER).press("Guardar la mentoría").sees("Guardado.", TRAINER)


def send_back(trainer: Visitor, brief: str) -> None:
    """First accepted without levels, which is refused: the comment stays."""
    trainer.follow("Hoy").sees(FIRM).follow("Calificar").heading_is(FIRM).sees(brief)
    trainer.fill({"Tu comentario": COMMENT}).press("Aprobar y seguir")
    trainer.is_told("Para aprobarla, elige un nivel en")
    trainer.still_has({"Tu comentario": COMMENT})
    trainer.press("Pedir cambios").sees("Pediste cambios")


def accept_with_levels(trainer: Visitor) -> None:
    trainer.follow("Por calificar").follow("Calificar la primera").heading_is(FIRM)
    criteria = trainer.page.locator("fieldset.crit")
    for place in range(criteria.count()):
        criteria.nth(place).get_by_role("radio").nth(2).check()
    if trainer.javascript:
        expect(trainer.page.locator("output")).to_have_text(str(2 * criteria.count()))
    trainer.unfold("Ver la versión 1").fill({"Tu comentario": "Muy bien: ahora todo va tapado."})
    trainer.press("Aprobar y seguir").sees("Aprobada.").heading_is("Por calificar")


def plan_session(trainer: Visitor) -> None:
    trainer.follow("Mentorías").follow(FIRM).press("Planear y avisar a la empresa").is_told("Elige")
    trainer.tick("Visita").fill({"Día": "2026-09-02", "Hora": "12:00", "Minutos": "60"})
    trainer.press("Planear y avisar a la empresa").sees("Planeada. Ya se avisó a la empresa.")


SHARED = "Vimos el punto de partida y las fotos de la libreta."
INTERNAL = "La familia anda apretada de dinero; llamar antes de exigir."
AGREEMENT = "Abrir la cuenta de Mercado Libre"


def hold_session(trainer: Visitor) -> None:
    trainer.follow("Mentorías").follow("Preparar y anotar").press("Guardar y enviar acuerdos")
    trainer.is_told("Elige")
    trainer.tick("Sí, nos vimos").fill({"¿Qué pasó desde la última vez?": SHARED, "Nota interna": INTERNAL})
    first = trainer.group("Acuerdo 1")
    trainer.fill({"Qué": AGREEMENT, "Para cuándo": "2026-09-11", "Quién": "La empresa"}, within=first)
    trainer.press("Guardar y enviar acuerdos").sees("La empresa ya puede leer los acuerdos", INTERNAL)


def verify_sales(trainer: Visitor) -> None:
    """One figure beside its photo, then the rest of its month at once."""
    trainer.follow("Mis empresas").follow(FIRM).heading_is(FIRM).follow("Cifras y comprobantes")
    trainer.follow("Revisar: WhatsApp, Facebook e Instagram, septiembre").sees("con foto o archivo", "$9,400")
    trainer.press("Coincide: revisar y cerrar").sees("Revisada y cerrada.")
    trainer.press("Dar por revisado todo agosto").sees("Cifras revisadas y cerradas")


def verify_milestone(trainer: Visitor, title: str) -> None:
    trainer.follow("Mis empresas").follow(FIRM).sees(title).follow(f"Revisar {title}").heading_is(title)
    trainer.press("Así es: dar por revisado").sees("Logro revisado.")


def graduate(lead: Visitor) -> None:
    lead.follow("Resumen").follow(f"Graduación {COHORT}").sees(FIRM, "Lista").follow(f"Decidir: {FIRM}")
    lead.sees("Esta empresa cumple todos los requisitos.").press("Guardar la decisión")
    lead.is_told("Elige una de las tres.")
    lead.tick("Se gradúa").press("Guardar la decisión").sees(f"Decisión guardada: {FIRM}.", "Se graduó")


def read_report(lead: Visitor, *found: str) -> None:
    lead.follow("Resumen").follow(f"Reporte {COHORT}").sees("Graduadas con todas las reglas", *found)

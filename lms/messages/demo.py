"""What invented firms and their mentors wrote to each other, and what their cohorts were told."""

from datetime import timedelta

from sqlalchemy import select

from lms import events
from lms.cohorts.models import Cohort, Enrolment, EnrolmentState, Programme
from lms.foundation.clock import now
from lms.foundation.db import db
from lms.messages.models import Announcement, Message
from lms.messages.services import ask_to_send, read, recount_staff, send_announcement
from lms.messages.services.counting import recount_firm

FIRMS_PER_COHORT = 12
TALKS = (
    (
        "Buenas tardes. ¿A cuánto me conviene vender la pieza que más se mueve? Mi costo es de **$310**.",
        "Hola. Súmale lo que muchas veces se olvida:\n\n- Envío: $95\n- Comisión: 15 %\n- Empaque: $12\n\n"
        "Con la calculadora de precio mínimo te sale en dos minutos.",
        "Me salió $497. La voy a subir en $549.",
    ),
    (
        "Las fotos con la ventana salieron mejor, pero el fondo se ve gris.",
        "Acerca la cartulina a la ventana y baja un poco la exposición. Mándame una cuando puedas.",
    ),
    (
        "¿El jueves la clínica es en la cámara o por llamada?",
        "En la cámara, a las 6. Si no alcanzas a llegar, te conecto por videollamada.",
        "Allá nos vemos. Gracias.",
    ),
)
TOLD = (
    "Clínica del jueves: trae tu teléfono cargado",
    "Este jueves a las **6 de la tarde** vemos fotos con luz de ventana.\n\n- Trae una pieza limpia\n"
    "- Trae tu teléfono cargado\n\nSi no puedes venir, contéstame en tus mensajes.",
)
TOLD_LATER = (
    "Todavía puedes entregar la tarea de la semana 2",
    "Si algo te detiene, dime qué es y lo vemos juntos.",
)


def fill() -> None:
    """A few conversations and two announcements for each invented cohort at work. Nobody is written to."""
    running = (
        select(Cohort)
        .join(Programme)
        .where(Programme.invented.is_(True), Cohort.closed_at.is_(None))
        .order_by(Cohort.id)
    )
    with events.silenced():
        for cohort in db.session.scalars(running).all():
            _talk(cohort)
            _tell(cohort)


def _talk(cohort: Cohort) -> None:
    talking = (
        select(Enrolment)
        .where(Enrolment.cohort_id == cohort.id, Enrolment.state == EnrolmentState.ACTIVE)
        .order_by(Enrolment.id)
        .limit(FIRMS_PER_COHORT)
    )
    for number, enrolment in enumerate(db.session.scalars(talking)):
        people = enrolment.firm.people
        if not people or enrolment.mentor is None:
            continue
        words, began = TALKS[number % len(TALKS)], now() - timedelta(days=1 + number % 4, hours=3)
        for turn, text in enumerate(words):
            writer = enrolment.mentor if turn % 2 else people[0]
            message = Message(
                enrolment=enrolment,
                firm_id=enrolment.firm_id,
                user_id=writer.id,
                from_firm=turn % 2 == 0,
                text=text,
                written_at=began + timedelta(minutes=47 * turn),
            )
            db.session.add(message)
            db.session.flush()
            read(enrolment, message.id, by=writer)
        recount_firm(enrolment.firm_id)
        recount_staff([enrolment.mentor.id])


def _tell(cohort: Cohort) -> None:
    """One that went out, and one that waits for its moment."""
    for audience, (title, text), wait in (
        ("all", TOLD, timedelta()),
        ("task:2", TOLD_LATER, timedelta(days=2)),
    ):
        told = Announcement(
            cohort=cohort,
            author_id=cohort.trainers[0].id,
            audience=audience,
            title=title,
            text=text,
            written_at=now(),
            send_at=now() + wait,
        )
        db.session.add(told)
        db.session.flush()
        if wait:
            ask_to_send(told)
        else:
            send_announcement(told.id)

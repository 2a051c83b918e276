"""The invented staff and programmes: leads, trainers with five to fifteen firms each, mentors, an
administrator."""

import unicodedata
from typing import Any

from lms.accounts.models import User
from lms.cohorts.models import PrivacyNotice, Programme, programme_lead
from lms.foundation.db import db
from lms.ops.demo_names import FIRST, LAST
from lms.permissions import Role

FIRMS_PER_TRAINER = 12

COMMITMENTS = (
    "Leer tres lecciones cortas por semana, en tu celular.\n"
    "Hacer una tarea real por semana con tus propios productos.\n"
    "Anotar tus ventas de cada mes. “No sé” también es una respuesta.\n"
    "Asistir a la mentoría en grupo de cada semana, o reponerla."
)

NOTICE = """Aviso de privacidad de ejemplo (programa inventado).

Responsable: {name}. Los datos de esta demostración son inventados.

Para qué usamos tus datos. Necesario: darte la capacitación, acompañarte y emitir tu constancia.
Solo si tú quieres: estudiar los resultados del programa, publicar tu testimonio, compartir tu ficha con
tiendas en línea.

Si tu empresa conecta Mercado Libre o Amazon, leemos allá sus ventas y guardamos los totales de cada mes y,
de cada pedido, su monto con una clave sin nombre; nunca quién compró. Lo terminas cuando quieras.

Quién los ve: tú y tu empresa, tu mentor, tus capacitadores y quien dirige el programa. Nadie más.
Puedes pedir, corregir o borrar tus datos y retirar tu permiso cuando quieras, en “Mis datos”."""


def address(name: str, number: int) -> str:
    """An e-mail address at example.org, which belongs to nobody."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return f"{plain.replace(' ', '.')}.{number}@example.org"


def add_person(world: Any, role: Role, name: str | None = None) -> int:
    """One invented person; gives their key."""
    number = world.rows.keys[User] + 1
    name = name or f"{world.chance.choice(FIRST)} {world.chance.choice(LAST)} {world.chance.choice(LAST)}"
    return world.rows.add(
        User,
        name=name,
        email=address(" ".join(name.split()[:2]), number),
        role=role,
        invented=True,
        created_at=world.days_ago(400),
        last_seen_at=world.days_ago(world.chance.randint(0, 9)),
    )


def add_staff(world: Any, plans: Any) -> None:
    """An administrator, a lead for each programme, trainers enough for each cohort, and two mentors."""
    world.admin = add_person(world, Role.ADMIN, "Ana Administra (ejemplo)")
    leads = {
        "fashion": "Marta Directora (ejemplo)",
        "furniture": "Jorge Director (ejemplo)",
        "footwear": "Inés Directora (ejemplo)",
    }
    for plan in plans:
        if plan.programme not in world.leads:
            world.leads[plan.programme] = add_person(world, Role.LEAD, leads[plan.sector])
        many = -(-plan.firms // FIRMS_PER_TRAINER)
        world.trainers[plan.cohort] = [add_person(world, Role.TRAINER) for _ in range(many)]
    world.mentors = [add_person(world, Role.MENTOR) for _ in range(2)]


def add_programmes(world: Any, plans: Any) -> None:
    """The programmes with their notice; written at once because their leads hang on a plain table."""
    pairs = []
    for plan in plans:
        if plan.programme in world.programmes:
            continue
        key = world.rows.add(
            Programme,
            name=plan.programme,
            convener="Programa inventado para esta demostración",
            contact="ayuda@example.org",
            commitments=COMMITMENTS,
            report_public=True,
            invented=True,
            created_at=world.days_ago(420),
        )
        world.programmes[plan.programme] = key
        text = NOTICE.format(name=plan.programme)
        world.notices[key] = world.rows.add(
            PrivacyNotice, programme_id=key, version=1, text=text, published_at=world.days_ago(410)
        )
        pairs.append({"programme_id": key, "user_id": world.leads[plan.programme]})
    world.rows.write()
    db.session.execute(programme_lead.insert(), pairs)

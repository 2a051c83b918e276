"""Small worlds for tests: plain functions with good defaults, and the cast of people."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

from lms.accounts.models import Firm, Membership, MembershipKind, Sector, User
from lms.accounts.person import Person, person
from lms.assignments.models import Review, Submission, SubmissionState, SubmissionVersion
from lms.cohorts.models import Cohort, Enrolment, EnrolmentState, PrivacyNotice, Programme
from lms.curriculum.models import (
    Brief,
    Course,
    CourseVersion,
    Lesson,
    MilestoneDefinition,
    Practice,
    Question,
    Quiz,
    Week,
)
from lms.foundation.clock import now
from lms.foundation.db import db
from lms.permissions import Role

LONG_AGO = datetime(2026, 8, 1, tzinfo=UTC)
START = date(2026, 9, 14)

RULES = {
    "milestones": ["M0", "M1", "M2"],
    "accepted_share": 80,
    "attendance_percent": 75,
    "own_figures": 1,
    "final_quiz": True,
}


# Connections are set up, so that their pages are looked at; nothing listens there unless a test does.
MARKETPLACES = {
    "MERCADO_LIBRE_CLIENT_ID": "123",
    "MERCADO_LIBRE_CLIENT_SECRET": "client-secret",
    "MERCADO_LIBRE_SIGN_IN": "http://127.0.0.1:9/authorization",
    "MERCADO_LIBRE_API": "http://127.0.0.1:9",
    "AMAZON_CLIENT_ID": "amzn1.client",
    "AMAZON_CLIENT_SECRET": "client-secret",
    "AMAZON_APPLICATION_ID": "amzn1.app",
    "AMAZON_SIGN_IN": "http://127.0.0.1:9/apps/authorize/consent",
    "AMAZON_TOKEN": "http://127.0.0.1:9/oauth/token",
    "AMAZON_API": "http://127.0.0.1:9",
}


def add(thing):
    """Put a thing into the database and give it back with its key."""
    db.session.add(thing)
    db.session.flush()
    return thing


def user(name: str, role: Role = Role.MEMBER, **fields) -> User:
    email = fields.pop("email", f"{name.lower().replace(' ', '.')}@example.org")
    return add(User(name=name, email=email, role=role, created_at=LONG_AGO, **fields))


def firm(name: str, *people: User, sector: Sector = Sector.FASHION, **fields) -> Firm:
    """A firm; the first of its people is the owner, the others its digital lead and staff."""
    made = add(Firm(name=name, sector=sector, state="PUE", city="Puebla", created_at=LONG_AGO, **fields))
    kinds = [MembershipKind.OWNER, MembershipKind.DIGITAL_LEAD, *[MembershipKind.STAFF] * len(people)]
    for member, kind in zip(people, kinds, strict=False):
        add(Membership(firm_id=made.id, user_id=member.id, kind=kind, joined_at=LONG_AGO))
    return made


def question(position: int, right: int = 1) -> Question:
    options = [{"text": f"Opción {n}", "right": n == right, "reason": f"Razón {n}"} for n in range(3)]
    return Question(position=position, prompt=f"¿Pregunta {position}?", options=options)


def english(number: int) -> dict[str, str]:
    return {"title_en": f"Number {number}", "summary_en": "In English"}


def week(number: int, lessons: int = 2) -> Week:
    """A week with lessons, a quiz of three questions (the second option is right) and a brief with two
    slots."""
    made = Week(number=number, title=f"Semana de prueba {number}", summary="Resumen", **english(number))
    made.lessons = [
        Lesson(
            position=n,
            slug=f"week-{number:02d}/leccion-{n}",
            title=f"Lección {number}.{n}",
            minutes=8,
            kilobytes=5,
            key_idea="La luz llega de lado.",
            source="texto",
            html="<p>Texto de la lección.</p>",
            checklist=["Una ventana", "Una cartulina"],
            check={"prompt": "¿De dónde viene la luz?", "options": question(0).options},
            tools=[],
            facts=[],
            **english(n),
        )
        for n in range(1, lessons + 1)
    ]
    made.quiz = Quiz(
        slug=f"week-{number:02d}/quiz",
        title=f"Prueba {number}",
        html="",
        pass_percent=60,
        ask=3,
        **english(number),
        questions=[question(n) for n in range(3)],
    )
    made.brief = Brief(
        slug=f"week-{number:02d}/brief",
        title=f"Tarea {number}",
        minutes=20,
        required=True,
        product="Tres fotos listas",
        who="El responsable digital",
        source="texto",
        html="<p>Toma fotos.</p>",
        text_label="Tu nota",
        link_label="",
        slots=[
            {"key": "frente", "title": "Foto de frente", "hint": "", "kind": "photo", "required": True},
            {"key": "lado", "title": "Foto de lado", "hint": "", "kind": "photo", "required": False},
        ],
        rubric=[
            {"criterion": c, "levels": ["nada", "poco", "bien", "muy bien"]}
            for c in ("Luz", "Fondo", "Detalle")
        ],
        checklist=["Acércate más"],
        good_example="Se ve bien",
        poor_example="Se ve oscura",
        look_for="La luz",
        facts=[],
        **english(number),
    )
    return made


def course_version(slug: str = "fashion", number: int = 1, weeks: int = 2) -> CourseVersion:
    """A published course of sixteen weeks whose first ones have content."""
    course = db.session.query(Course).filter_by(slug=slug).one_or_none()
    course = course or add(Course(slug=slug, sector=Sector(slug), title=f"Curso {slug}"))
    version = CourseVersion(
        course_id=course.id,
        number=number,
        content_hash=f"{slug}-{number}",
        title=f"Curso {slug}",
        summary="",
        hours=64,
        weeks=16,
        final_quiz_slug=f"week-{weeks - 1:02d}/quiz",
        published_at=LONG_AGO,
    )
    rows = [week(n) for n in range(weeks)]
    version.milestones = [
        MilestoneDefinition(code="M0", week_number=0, title="Línea base", description="", proof="baseline"),
        MilestoneDefinition(code="M1", week_number=2, title="Cuenta", description="", proof="claim"),
        MilestoneDefinition(code="M2", week_number=6, title="Publicaciones", description="", proof="claim"),
        MilestoneDefinition(
            code="M3", week_number=8, title="Primera venta", description="", proof="first_sale"
        ),
        MilestoneDefinition(
            code="M4", week_number=10, title="Diez ventas", description="", proof="orders", orders=10
        ),
    ]
    version.practices = [
        Practice(position=n, key=f"p{n}", area="ventas", text=f"Práctica {n}") for n in range(3)
    ]
    db.session.add(version)
    db.session.flush()
    # Items below a week carry the version too, so that a page finds them by version and slug alone.
    for row in rows:
        for item in (*row.lessons, row.quiz, row.brief):
            item.version_id = version.id
    version.week_rows = rows
    db.session.flush()
    return version


def programme(name: str, *leads: User) -> Programme:
    made = Programme(name=name, convener="Polo de prueba", commitments="Una hora diaria", created_at=LONG_AGO)
    made.leads = list(leads)
    made.notices = [PrivacyNotice(version=1, text="Aviso de prueba", published_at=LONG_AGO)]
    return add(made)


def cohort(
    of: Programme, version: CourseVersion, name: str, *trainers: User, starts_on: date = START
) -> Cohort:
    made = Cohort(
        programme_id=of.id,
        course_version_id=version.id,
        name=name,
        starts_on=starts_on,
        rules=dict(RULES),
        created_at=LONG_AGO,
    )
    made.trainers = list(trainers)
    return add(made)


def enrol(firm: Firm, cohort: Cohort, mentor: User | None = None, state=EnrolmentState.ACTIVE) -> Enrolment:
    return add(
        Enrolment(
            cohort_id=cohort.id,
            firm_id=firm.id,
            mentor_id=mentor.id if mentor else None,
            state=state,
            invited_at=LONG_AGO,
            started_at=LONG_AGO,
        )
    )


def submission(
    enrolment: Enrolment, brief: Brief, by, state: SubmissionState = SubmissionState.HANDED_IN
) -> Submission:
    """A firm's work in that state, with the version and the review that lead there."""
    handed_in = None if state is SubmissionState.DRAFT else now() - timedelta(days=2)
    common = {"enrolment_id": enrolment.id, "firm_id": enrolment.firm_id}
    made = add(
        Submission(**common, brief_id=brief.id, state=state, text="Mi trabajo", handed_in_at=handed_in)
    )
    if handed_in:
        add(
            SubmissionVersion(
                **common,
                user_id=by.id,
                submission_id=made.id,
                number=1,
                folio=f"F{made.id:07d}",
                text="Mi trabajo",
                link="",
                attachment_ids=[],
                handed_in_at=handed_in,
            )
        )
    if state in (SubmissionState.RETURNED, SubmissionState.ACCEPTED):
        trainer = enrolment.cohort.trainers[0]
        add(
            Review(
                **common,
                submission_id=made.id,
                version_number=1,
                grader_id=trainer.id,
                outcome=state.value,
                levels={"Luz": 3, "Fondo": 2, "Detalle": 2},
                feedback="Bien la luz.",
                reviewed_at=now(),
            )
        )
    return made


def as_person(of: User, *, cohort_ids=(), programme_ids=()) -> Person:
    """That user as the guard sees them."""
    found = person(of.id)
    assert found is not None
    return found.reaching(cohort_ids=frozenset(cohort_ids), programme_ids=frozenset(programme_ids))


def cast() -> SimpleNamespace:
    """Lupita owns Telas Lupita, her son Beto works there; Rosa owns a competitor in the same cohort.

    Omar's firm is in another cohort of another programme. Tere trains the first cohort, Tomás the other;
    Mario
    mentors Telas Lupita, Mina mentors nobody here. Lena leads the first programme, Leo the other; Adán
    administers.
    Susi is suspended, Ema left Telas Lupita.
    """
    owner, son, rival, outsider = (user(n) for n in ("Lupita Ríos", "Beto Ríos", "Rosa Sol", "Omar Gil"))
    ex_member, suspended = user("Ema Paz"), user("Susi Cruz", suspended_at=LONG_AGO)
    trainer, other_trainer = user("Tere Luna", Role.TRAINER), user("Tomás Mar", Role.TRAINER)
    mentor, other_mentor = user("Mario Vega", Role.MENTOR), user("Mina Sosa", Role.MENTOR)
    lead, other_lead = user("Lena Díaz", Role.LEAD), user("Leo Cano", Role.LEAD)
    admin = user("Adán Rey", Role.ADMIN)

    lupita, rosa, omar = (
        firm("Telas Lupita", owner, son, suspended),
        firm("Costuras Rosa", rival),
        firm("Gil", outsider),
    )
    add(
        Membership(
            firm_id=lupita.id,
            user_id=ex_member.id,
            kind=MembershipKind.STAFF,
            joined_at=LONG_AGO,
            ended_at=LONG_AGO,
        )
    )
    version, other_version = course_version(), course_version("furniture")
    first, second = programme("Polo Puebla", lead), programme("Polo León", other_lead)
    here, there = (
        cohort(first, version, "Otoño", trainer),
        cohort(second, other_version, "Otro", other_trainer),
    )
    enrolment, rivals, outsiders = enrol(lupita, here, mentor), enrol(rosa, here, trainer), enrol(omar, there)

    return SimpleNamespace(
        owner=as_person(owner),
        son=as_person(son),
        rival=as_person(rival),
        outsider=as_person(outsider),
        ex_member=as_person(ex_member),
        suspended_user=suspended,
        trainer=as_person(trainer, cohort_ids=[here.id]),
        other_trainer=as_person(other_trainer, cohort_ids=[there.id]),
        mentor=as_person(mentor),
        other_mentor=as_person(other_mentor),
        lead=as_person(lead, programme_ids=[first.id]),
        other_lead=as_person(other_lead, programme_ids=[second.id]),
        admin=as_person(admin),
        firm=lupita,
        rival_firm=rosa,
        outsider_firm=omar,
        version=version,
        other_version=other_version,
        programme=first,
        other_programme=second,
        cohort=here,
        other_cohort=there,
        enrolment=enrolment,
        rival_enrolment=rivals,
        outsider_enrolment=outsiders,
    )

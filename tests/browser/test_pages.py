"""Every page that was designed, at the narrowest phone, in a house full of invented people."""

from dataclasses import replace
from types import SimpleNamespace

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from lms.accounts.models import Membership, User
from lms.assignments.models import Assistance, Extension, ExtensionState, Submission, SubmissionState
from lms.cohorts.models import Enrolment
from lms.curriculum.models import Brief, Lesson, Quiz, Week
from lms.followups import services as followups
from lms.foundation import clock
from lms.foundation.db import db
from lms.graduation.models import Certificate
from lms.graduation.signing import Keys
from lms.learning.models import Attempt
from lms.mentoring.models import Session
from lms.ops import demo
from lms.reports.models import ReportSnapshot
from lms.sales.models import Channel, ConnectionState, SalesConnection
from lms.tools.models import ToolSheet
from tests.browser.conftest import House
from tests.browser.many import programme_of_many
from tests.browser.paths import PAGES
from tests.browser.staff_steps import LINK
from tests.browser.visitor import PHONE, Findings, Visitor
from tests.conftest import NOW

SHEET = (
    "nombre,persona,correo,giro,estado,ciudad,rfc,puesto\n"
    "Taller Nuevo,Ana Paz,nuevo@example.org,moda,Puebla,Puebla,,dueña\n"
    "Taller Malo,Eva Paz,sin-arroba,moda,Nada,Puebla,,dueña\n"
)
NARROWEST = {"width": 320, "height": 640}
FIRMS = 8

ONE_OF_EACH_SHELL = ("landing", "home", "lesson", "today", "report", "certificate")
# Letters of no size at all are meant for screen readers only.
SMALL_LETTERS = """() => {
  const size = (e) => parseFloat(getComputedStyle(e).fontSize);
  const small = [...document.querySelectorAll('body *')].filter((e) => e.checkVisibility()
    && !e.closest('.sr') && [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim())
    && size(e) > 0 && size(e) < 14);
  return small.slice(0, 3).map((e) => e.outerHTML.slice(0, 120));
}"""

MEMBERS = ("member", "keeper", "graduate")
TWICE_AS_LARGE = """() => {
  const page = document.documentElement;
  page.style.fontSize = '200%';
  return page.scrollWidth - page.clientWidth;
}"""


@pytest.fixture(scope="module")
def world(published, tmp_path_factory):
    """The demonstration, with fewer firms, and where in it the pages find what they show."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "_system_time", lambda: NOW)
        patch.setattr(demo, "PLANS", tuple(replace(plan, firms=FIRMS) for plan in demo.PLANS[:2]))
        house = House.copied(published, tmp_path_factory.mktemp("demo") / "house")
        with house.app.app_context():
            demo.load(Keys(house.app.config["DATA_DIR"]))
            found = _find_places()
            found["people"]["lead of many"], found["places"]["many"] = programme_of_many()
            db.session.commit()
            db.session.remove()
        yield SimpleNamespace(house=house, **found)
    house.close()


def _find_places() -> dict:
    one = db.session.scalars
    waiting = one(select(Submission).where(Submission.state == SubmissionState.HANDED_IN)).first()
    enrolment, cohort = waiting.enrolment, waiting.enrolment.cohort
    unsent = _ask_for_days_and_confirmation(waiting)
    certificate = one(select(Certificate)).first()
    graduated = certificate.decision.enrolment
    sheets = select(ToolSheet).join(Enrolment, ToolSheet.enrolment_id == Enrolment.id)
    kept = one(sheets.where(ToolSheet.tool == "minimum-price").order_by(ToolSheet.id)).first()
    of_firm = select(Session.id).where(Session.enrolment_id == enrolment.id)
    version_id = cohort.course_version_id
    week = select(Week.id).where(Week.version_id == version_id, Week.number == 1).scalar_subquery()
    places = {
        "programme": cohort.programme_id,
        "cohort": cohort.id,
        "finished": graduated.cohort_id,
        "enrolment": enrolment.id,
        "submission": waiting.id,
        "assisted": waiting.brief_id,
        "unsent": unsent.id,
        "extension": one(select(Extension.id).where(Extension.brief_slug == unsent.slug)).first(),
        "folio": certificate.folio,
        "connection": _connected(waiting).id,
        "follow_up": _open_follow_up(graduated),
        "snapshot": one(select(ReportSnapshot.id)).first(),
        "sheet": kept.id,
        "firm_sheet": one(sheets.where(Enrolment.cohort_id == cohort.id)).first().id,
        "session": one(select(Session.id).where(Session.enrolment_id == enrolment.id)).first(),
        "ahead": one(of_firm.where(Session.state == "planned", Session.kind != "clinic")).first(),
        "clinic": one(of_firm.where(Session.kind == "clinic").order_by(Session.starts_at.desc())).first(),
        "lesson": one(select(Lesson.id).where(Lesson.week_id == week)).first(),
        "quiz": one(select(Quiz.id).where(Quiz.week_id == week)).first(),
        "brief": one(select(Brief.id).where(Brief.week_id == week)).first(),
    }
    in_cohort = (
        select(Attempt).join(Enrolment).where(Enrolment.cohort_id == cohort.id, Attempt.reset_id.is_(None))
    )
    tried = one(in_cohort.order_by(Attempt.id)).first()
    places |= {
        "attempt": tried.id,
        "tried_firm": tried.enrolment_id,
        "tried_person": tried.user_id,
        "tried_quiz": tried.quiz_id,
    }
    people = {
        "member": _somebody_of(enrolment),
        "graduate": _somebody_of(graduated),
        "keeper": _somebody_of(kept.enrolment),
        "trainer": cohort.trainers[0].email,
        "lead": cohort.programme.leads[0].email,
        "admin": one(select(User.email).where(User.role == "admin")).first(),
    }
    return {"places": places, "people": people}


def _open_follow_up(graduated: Enrolment) -> int:
    """The first one of this firm, which nobody has answered."""
    found = followups.follow_ups_of(graduated.id)[0]
    found.answered_at = found.answered_by_id = found.selling = None
    return found.id


def _connected(work: Submission) -> SalesConnection:
    """The firm's leave to read its sales at a marketplace."""
    person = db.session.scalars(select(User).filter_by(email=_somebody_of(work.enrolment))).one()
    made = SalesConnection(
        enrolment_id=work.enrolment_id,
        firm_id=work.firm_id,
        user_id=person.id,
        channel=Channel.AMAZON,
        state=ConnectionState.OPEN,
        asked_at=clock.now(),
        opened_at=clock.now(),
    )
    db.session.add(made)
    db.session.flush()
    return made


def _ask_for_days_and_confirmation(waiting: Submission) -> Brief:
    """The firm of this work is asked whether it is its own, and asks for days for its last task."""
    waiting.to_confirm, waiting.versions[-1].assistance = True, Assistance.ASKED
    enrolment = waiting.enrolment
    of_course = select(Brief).join(Week, Week.id == Brief.week_id)
    of_course = of_course.where(Brief.version_id == enrolment.cohort.course_version_id)
    last = db.session.scalars(of_course.order_by(Week.number.desc())).first()
    asked = {"asked_by_id": waiting.versions[-1].user_id, "asked_at": clock.now(), "asked_days": 7}
    state = {"brief_slug": last.slug, "state": ExtensionState.ASKED, "asked_because": "Tenemos un pedido"}
    db.session.add(Extension(enrolment=enrolment, firm_id=enrolment.firm_id, **state, **asked))
    db.session.flush()
    return last


def _somebody_of(enrolment: Enrolment) -> str:
    people = select(User.email).join(Membership, Membership.user_id == User.id)
    return db.session.scalars(people.where(Membership.firm_id == enrolment.firm_id)).first()


@pytest.fixture(scope="module")
def visitors(world, chromium):
    """One narrow phone for each person, signed in when first needed."""
    findings, made = Findings(), {}

    def visitor(who: str) -> Visitor:
        if who not in made:
            made[who] = Visitor(chromium, world.house, findings, viewport=NARROWEST)
            if who != "stranger":
                made[who].open(world.house.make_link(world.people[who])).press("Sí, entrar")
        return made[who]

    yield visitor
    for person in made.values():
        person.close()


@pytest.fixture
def opened(world, visitors, request) -> Visitor:
    who, address = PAGES[request.param]
    person = visitors(who)
    person.findings = Findings()
    response = person.page.goto(address.format(**world.places))
    assert response.status == 200
    return person


every_page = pytest.mark.parametrize("opened", PAGES, indirect=True)
each_shell = pytest.mark.parametrize("opened", ONE_OF_EACH_SHELL, indirect=True)


@every_page
def test_a_page_fits_the_narrowest_phone_and_is_accessible_there(opened, request):
    opened.arrive().findings.assert_none()
    assert opened.page.evaluate(SMALL_LETTERS) == []
    if PAGES[request.node.callspec.params["opened"]][0] in MEMBERS:
        opened.page.set_viewport_size(PHONE)
        assert opened.page.evaluate(TWICE_AS_LARGE) <= 0, "wider than a phone with letters of 200 %"


def test_what_a_member_reaches_by_a_form_fits_too(world, visitors):
    member = visitors("member")
    member.findings = Findings()
    member.open("/quizzes/{quiz}".format(**world.places))
    # To begin, to begin again, or to go on: whatever this member did before.
    member.go(member.page.locator("main .btn-l")).press("Ver mi respuesta").is_told("Elige")
    member.page.get_by_role("radio").first.check()
    member.press("Ver mi respuesta").sees("Tu respuesta")
    member.open("/sales")
    amount = member.page.locator(".money input:visible").first
    amount.fill("mil")
    member.press("Revisar y enviar").is_told("Escribe solo números")
    amount.fill("1,000")
    member.press("Revisar y enviar").heading_is("¿Está bien así?")
    member.findings.assert_none()


def test_what_a_lead_and_a_stranger_reach_by_a_form_fits_too(world, visitors):
    """The second step of an import, and what somebody who is invited sees."""
    lead, stranger = visitors("lead"), visitors("stranger")
    lead.findings = stranger.findings = Findings()
    lead.open("/cohorts/{cohort}/import".format(**world.places))
    lead.attach("Tu archivo", {"name": "empresas.csv", "mimeType": "text/csv", "buffer": SHEET.encode()})
    lead.press("Revisar el archivo").sees("Taller Nuevo", "Taller Malo").press("Importar 1 empresa")
    stranger.open(LINK.search(world.house.letters_to("nuevo@example.org")[-1]).group()).sees("Taller Nuevo")
    stranger.open("/sign-in").fill({"Correo": "nadie@example.org"}).press("Mandarme el código")
    stranger.sees("Escribe tu código")
    lead.findings.assert_none()


@each_shell
def test_the_first_tab_stop_skips_to_the_content(opened):
    page = opened.page
    page.keyboard.press("Tab")
    expect(page.locator("a.skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main#content")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


@each_shell
def test_a_page_prints_without_its_menus(opened):
    page = opened.page
    page.emulate_media(media="print", color_scheme="dark")
    try:
        for menu in (".dock", ".side", ".top", ".foot", ".skip"):
            assert page.locator(f"{menu}:visible").count() == 0, menu
        expect(page.locator("main")).to_be_visible()
        paper = page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--text').trim()")
        assert paper.upper() == "#1C1930", "paper is light, whatever the screen is"
    finally:
        page.emulate_media(media="screen", color_scheme="light")


READING = "/learning/items/week-02/retenciones-2026"
NOT_READ_YET = "/learning/items/week-16/lo-que-sigue"

# A phone with one Spanish voice, which speaks until the test lets it end.
VOICE = """() => {
  window.heard = [];
  const speech = {
    getVoices: () => [{ lang: 'en_US' }, { lang: 'es_MX' }],
    speak: (one) => { window.heard.push(one.text); window.speaking = one; },
    cancel: () => { const one = window.speaking; window.speaking = null; if (one) one.onend(); },
  };
  Object.defineProperty(window, 'speechSynthesis', { value: speech });
  window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
}"""


@pytest.fixture
def reader(world, chromium):
    """A member with a phone of their own at a lesson."""
    findings = Findings()
    visitor = Visitor(chromium, world.house, findings)
    visitor.open(world.house.make_link(world.people["member"])).press("Sí, entrar")
    yield visitor.open(READING)
    visitor.close()
    findings.assert_none()


def test_a_tap_on_a_word_shows_its_meaning_over_the_text(reader):
    page = reader.page
    word, meaning = page.locator("#use-retencion"), page.locator("#word-retencion")
    word.scroll_into_view_if_needed()
    before = page.evaluate("scrollY")
    word.click()
    expect(meaning).to_be_in_viewport(ratio=1)
    assert page.evaluate("scrollY") == before, "one stays where one reads"
    reader.arrive()
    page.keyboard.press("Tab")
    expect(meaning.get_by_role("link")).to_be_focused()
    page.keyboard.press("Enter")
    expect(meaning).not_to_be_in_viewport()
    expect(word).to_be_in_viewport()


def test_the_size_of_the_letters_is_remembered(reader):
    page, size = reader.page, "parseFloat(getComputedStyle(document.querySelector('.prose')).fontSize)"
    normal = page.evaluate(size)
    page.get_by_role("button", name="Letra muy grande").click()
    assert page.evaluate(size) > normal * 1.25
    reader.open(READING)
    assert page.evaluate(size) > normal * 1.25
    expect(page.get_by_role("button", name="Letra muy grande")).to_have_attribute("aria-pressed", "true")
    reader.open("/course").open(READING)
    page.get_by_role("button", name="Letra normal").click()
    assert page.evaluate(size) == normal


def test_one_goes_on_where_one_was_until_the_lesson_is_done(reader):
    page, offer = reader.page, reader.page.get_by_role("button", name="Sigue donde ibas")
    reader.open(NOT_READ_YET)
    expect(offer).to_be_hidden()
    heading = page.locator(".prose h2").nth(2)
    heading.evaluate("(one) => window.scrollTo(0, one.getBoundingClientRect().top + scrollY - 20)")
    page.wait_for_timeout(600)
    reader.open("/course").open(NOT_READ_YET)
    offer.click()
    expect(heading).to_be_in_viewport()
    expect(offer).to_be_hidden()
    reader.press("Ya la terminé").open(NOT_READ_YET)
    expect(offer).to_be_hidden()
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('place:'))") == []


def test_a_voice_reads_from_paragraph_to_paragraph_and_can_rest(reader):
    page = reader.page
    expect(page.locator("[data-listen]")).to_be_hidden()
    page.add_init_script(f"({VOICE})()")
    reader.open(READING)
    page.get_by_role("button", name="Escuchar").click()
    first = page.locator(".prose p").first.inner_text()
    assert page.evaluate("heard") == [first]
    expect(page.locator(".said")).to_have_text(first)
    page.evaluate("speaking.onend()")
    page.get_by_role("button", name="Pausa").click()
    assert page.evaluate("heard.length") == 2
    page.get_by_role("button", name="Seguir escuchando").click()
    heard = page.evaluate("heard")
    assert len(heard) == 3 and heard[1] == heard[2] != first
    page.get_by_role("button", name="Parar").click()
    expect(page.locator(".said")).to_have_count(0)
    expect(page.get_by_role("button", name="Escuchar")).to_be_focused()


def test_without_a_spanish_voice_and_without_scripts_nothing_is_offered(world, chromium):
    visitor = Visitor(chromium, world.house, Findings(), javascript=False)
    visitor.open(world.house.make_link(world.people["member"])).press("Sí, entrar").open(READING)
    for name in ("Escuchar", "Letra grande", "Sigue donde ibas"):
        expect(visitor.page.get_by_role("button", name=name)).to_be_hidden()
    visitor.page.locator("#use-retencion").click()
    expect(visitor.page.locator("#word-retencion")).to_be_in_viewport(ratio=1)
    visitor.close()

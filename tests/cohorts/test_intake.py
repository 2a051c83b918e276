"""Inviting firms, one by one and from a sheet, and accepting the invitation."""

import io
import re

import pytest

from lms.accounts import services as accounts
from lms.accounts.models import Firm, Invitation, MembershipKind, User
from lms.cohorts import services
from lms.cohorts.models import Consent, Enrolment, EnrolmentState, Purpose
from lms.foundation.db import db
from lms.permissions import Role
from tests import build

NEW_FIRM = {
    "name": "Textiles La Aguja", "rfc": "eku 900317 3C9", "sector": "fashion", "state": "YUC",
    "city": "Mérida", "person": "Lucía Paredes", "email": "Lucia@Example.org", "kind": "owner",
}  # fmt: skip
GOOD = "Textiles La Aguja,EKU9003173C9,moda,Yucatán,Mérida,Lucía Paredes,lucia@example.org,dueña"
HEADER = "nombre,rfc,giro,estado,ciudad,persona,correo,puesto"


def link_to(letters, email):
    texts = [letter.text for letter in letters() if letter.to == email]
    return re.search(r"/invitations/[\w-]+", texts[-1])[0]


def invite(browser, cast, **fields):
    return browser(cast.lead).submit(f"/cohorts/{cast.cohort.id}/invite", **(NEW_FIRM | fields))


def upload(browser, cast, *rows, header=HEADER):
    content = "\n".join((header, *rows)).encode()
    files = {"sheet": (io.BytesIO(content), "empresas.csv")}
    return browser(cast.lead).submit(f"/cohorts/{cast.cohort.id}/import", files=files)


def test_an_invited_firm_accepts_and_starts(browser, cast, letters):
    page = invite(browser, cast)
    assert "Textiles La Aguja" in page.text and "Lucía Paredes" in page.text
    firm = db.session.query(Firm).filter_by(rfc="EKU9003173C9").one()
    assert (firm.time_zone, firm.state) == ("America/Merida", "YUC")
    enrolment = db.session.query(Enrolment).filter_by(firm_id=firm.id).one()
    assert enrolment.state is EnrolmentState.INVITED

    phone = browser()
    path = link_to(letters, "lucia@example.org")
    shown = phone.get(path)
    assert "Aviso de prueba" in shown.text and "Una hora diaria" in shown.text and "Otoño" in shown.text
    boxes = shown.root.find_all("input", type="checkbox")
    assert len(boxes) == 4 and not [box for box in boxes if "checked" in box.attributes]
    assert db.session.get(Enrolment, enrolment.id).state is EnrolmentState.INVITED, "looking changes nothing"

    answer = phone.send(shown, path, follow=False, training="y", impact_study="y")

    assert answer.location == "/home"
    lucia = db.session.query(User).filter_by(email="lucia@example.org").one()
    enrolment = db.session.get(Enrolment, enrolment.id)
    assert enrolment.state is EnrolmentState.ACTIVE and enrolment.started_at
    granted = {
        purpose: consent.granted for purpose, consent in services.consents_of(lucia.id, firm.id).items()
    }
    assert granted == {
        Purpose.TRAINING: True, Purpose.IMPACT_STUDY: True,
        Purpose.TESTIMONIALS: False, Purpose.SHARING: False
    }  # fmt: skip
    assert services.current_enrolment(firm.id).id == enrolment.id
    assert phone.get("/my-data").status == 200


def test_without_the_necessary_consent_nobody_comes_in(browser, cast, letters):
    invite(browser, cast)
    page = browser().submit(link_to(letters, "lucia@example.org"), sharing="y")
    assert page.status == 422 and page.errors
    assert not db.session.query(User).filter_by(email="lucia@example.org").count()


def test_a_notice_that_changed_meanwhile_is_read_again(browser, cast, letters):
    invite(browser, cast)
    phone = browser()
    path = link_to(letters, "lucia@example.org")
    page = phone.get(path)
    browser(cast.admin).submit(f"/programmes/{cast.programme.id}/edit", notice="Aviso nuevo")
    answer = phone.send(page, path, training="y")
    assert answer.status == 422 and "Aviso nuevo" in answer.text
    assert not db.session.query(Consent).count()


def test_a_second_person_of_the_firm_does_not_start_it_again(browser, cast, letters):
    accounts.invite_member(
        cast.firm.id, name="Ana Ríos", email="ana@example.org", kind=MembershipKind.STAFF, by=cast.owner
    )
    started = cast.enrolment.started_at
    browser().submit(link_to(letters, "ana@example.org"), follow=False, training="y")
    assert cast.enrolment.started_at == started
    ana = db.session.query(User).filter_by(email="ana@example.org").one()
    assert accounts.is_member(cast.firm.id, ana.id) and ana.role is Role.MEMBER


@pytest.mark.parametrize(
    ("field", "value"),
    [("rfc", "XAXX010101000"), ("rfc", "VECJ880326"), ("rfc", "nada"), ("email", "lucia"), ("state", "XXX"),
     ("name", ""), ("sector", "")],
)  # fmt: skip
def test_what_is_wrong_with_a_firm_is_said_and_nothing_is_kept(browser, cast, field, value):
    before = db.session.query(Firm).count()
    page = invite(browser, cast, **{field: value})
    assert page.status == 422 and page.errors
    assert db.session.query(Firm).count() == before and not db.session.query(Invitation).count()


def test_an_rfc_that_does_not_add_up_is_kept_with_a_warning(browser, cast):
    page = invite(browser, cast, rfc="MCI7306249Y1")
    assert page.status == 200 and "no cuadra" in page.text
    assert db.session.query(Firm).filter_by(rfc="MCI7306249Y1").count() == 1


def test_people_of_the_cohort_and_staff_are_not_invited_again(browser, cast):
    for email in (cast.rival.email, cast.trainer.email, cast.suspended_user.email):
        page = invite(browser, cast, email=email)
        assert page.status == 422 and page.errors


def test_an_rfc_alone_opens_no_firm_of_another_cohort(browser, cast):
    cast.outsider_firm.rfc = "EKU9003173C9"
    assert invite(browser, cast).status == 422
    page = invite(browser, cast, email=cast.outsider.email)
    assert page.status == 200
    assert db.session.query(Enrolment).filter_by(firm_id=cast.outsider_firm.id).count() == 2


def test_a_member_of_staff_sees_only_their_own_cohorts_invite_page(browser, cast):
    path = f"/cohorts/{cast.cohort.id}/invite"
    for person in (cast.trainer, cast.other_lead, cast.owner, cast.admin):
        assert browser(person).get(path).status == 404


# Sheets


def test_a_sheet_is_looked_at_before_anything_is_written(browser, cast):
    page = upload(browser, cast, GOOD, "Botas Dos,,calzado,GUA,León,Hugo Lara,hugo@example.org,")
    assert page.status == 200 and "Importar 2 empresas" in page.text
    assert db.session.query(Firm).count() == 3 and not db.session.query(Invitation).count()

    lead = browser(cast.lead)
    shown = upload(
        lambda _person: lead, cast, GOOD, "Botas Dos,,calzado,GUA,León,Hugo Lara,hugo@example.org,"
    )
    done = lead.send(shown, f"/cohorts/{cast.cohort.id}/import", button="Importar")
    assert "Botas Dos" in done.text and db.session.query(Invitation).count() == 2


def test_every_problem_is_named_by_row_and_column(browser, cast):
    page = upload(
        browser, cast, GOOD,
        ",XAXX010101000,panes,Guanajuto,León,,hugo,jefa",
        f"Otra,,moda,Puebla,,Rosa,{cast.rival.email},",
        "Tercera,EKU9003173C9,moda,Puebla,,Eva Luz,lucia@example.org,",
    )  # fmt: skip
    said = " ".join(page.errors)
    for words in ("Renglón 3, nombre", "Renglón 3, rfc", "Renglón 3, giro", "Renglón 3, estado", "Guanajuato",
                  "Renglón 3, persona", "Renglón 3, correo", "Renglón 3, puesto", "Renglón 4, correo",
                  "Costuras Rosa",
                  "Renglón 5, rfc", "Renglón 5, correo", "renglón 2"):  # fmt: skip
        assert words in said, words
    assert "Importar 1 empresa" in page.text
    assert "Traceback" not in page.html


def test_the_good_rows_are_imported_without_the_bad_ones(browser, cast):
    lead = browser(cast.lead)
    shown = upload(lambda _person: lead, cast, GOOD, ",,,,,,,")
    shown = upload(lambda _person: lead, cast, GOOD, "Mala,,moda,Marte,,Ana,ana@example.org,")
    lead.send(shown, "", button="Importar")
    assert db.session.query(Firm).filter_by(name="Textiles La Aguja").count() == 1
    assert not db.session.query(Firm).filter_by(name="Mala").count()


def test_a_double_tap_imports_once(browser, cast):
    lead = browser(cast.lead)
    shown = upload(lambda _person: lead, cast, GOOD)
    first = lead.send(shown, "", button="Importar", follow=False)
    again = lead.send(shown, "", button="Importar", follow=False)
    assert first.location == again.location
    assert db.session.query(Invitation).count() == 1


def test_a_file_changed_on_its_way_is_refused(browser, cast):
    lead = browser(cast.lead)
    shown = upload(lambda _person: lead, cast, GOOD)
    answer = lead.send(shown, "", button="Importar", content="bm9tYnJl")
    assert answer.status == 409 and not db.session.query(Invitation).count()


@pytest.mark.parametrize(
    "content",
    [b"", b"nombre,correo\nA,b@example.org", b"PK\x03\x04xlsx", b"\x00\x01\x02", b"nombre\n" * 9000],
)
def test_a_file_that_is_no_such_sheet_is_refused_in_words(browser, cast, content):
    files = {"sheet": (io.BytesIO(content), "x.csv")}
    page = browser(cast.lead).submit(f"/cohorts/{cast.cohort.id}/import", files=files)
    assert page.status == 422 and page.errors


def test_the_example_sheet_can_be_imported_as_it_is(browser, cast):
    content = services.example_sheet()
    assert not services.check_sheet(cast.cohort, content).bad
    lead = browser(cast.lead)
    answer = lead.get(f"/cohorts/{cast.cohort.id}/import/example.csv")
    assert answer.status == 200 and "attachment" in answer.headers["Content-Disposition"]


def test_a_sheet_from_excel_with_semicolons_and_accents_is_read(browser, cast):
    text = f"{HEADER}\n{GOOD}".replace(",", ";").encode("cp1252")
    assert len(services.check_sheet(cast.cohort, text).good) == 1


def test_a_big_sheet_asks_few_questions(cast, count_queries):
    rows = [f"Taller {n},,moda,Puebla,,Persona {n},p{n}@example.org," for n in range(300)]
    with count_queries() as queries:
        sheet = services.check_sheet(cast.cohort, "\n".join((HEADER, *rows)).encode())
    assert len(sheet.good) == 300 and len(queries) < 15


def test_an_invitation_is_sent_again_and_withdrawn_from_the_cohort(browser, cast, letters):
    invite(browser, cast)
    lead, path = browser(cast.lead), f"/cohorts/{cast.cohort.id}"
    first = link_to(letters, "lucia@example.org")
    lead.submit(path, button="Mandar otra vez")
    second = link_to(letters, "lucia@example.org")
    assert browser().get(first).status == 404 and browser().get(second).status == 200
    lead.submit(path, button="Retirar")
    assert browser().get(second).status == 404


def test_invitations_of_other_firms_cannot_be_touched(browser, cast):
    invitation = accounts.invite_member(
        cast.outsider_firm.id,
        name="Eva",
        email="eva@example.org",
        kind=MembershipKind.STAFF,
        by=cast.outsider,
    )
    path = f"/enrolments/{cast.enrolment.id}/invitations/{invitation.id}/revoke"
    assert browser(cast.lead).post(path).status in (400, 404)
    assert invitation.revoked_at is None


# One's own data


def test_a_member_changes_their_mind_and_every_answer_is_kept(browser, cast):
    owner = browser(cast.owner)
    owner.submit("/my-data", impact_study="y")
    owner.submit("/my-data", sharing="y", impact_study=[])
    answers = {p: c.granted for p, c in services.consents_of(cast.owner.id, cast.firm.id).items()}
    assert answers == {Purpose.IMPACT_STUDY: False, Purpose.TESTIMONIALS: False, Purpose.SHARING: True}
    assert db.session.query(Consent).count() == 5
    assert services.firms_granting([cast.firm.id], Purpose.SHARING) == {cast.firm.id}
    assert not services.firms_granting([cast.firm.id], Purpose.IMPACT_STUDY)


def test_my_data_is_for_members(browser, cast):
    for person in (cast.trainer, cast.lead, cast.admin):
        assert browser(person).get("/my-data").status == 404


def test_a_firm_in_no_cohort_has_nothing_to_answer(browser, cast):
    loner = build.user("Lola Mar")
    build.firm("Sola", loner)
    assert browser(build.as_person(loner)).get("/my-data").status == 200

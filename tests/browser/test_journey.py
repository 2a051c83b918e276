"""One firm from its invitation to its certificate, with everybody it meets, through the browser alone."""

from types import SimpleNamespace

import pytest

from config import HERE
from tests.browser import firm_steps as firm
from tests.browser import staff_steps as staff
from tests.browser.visitor import LAPTOP, PHONE, Findings, Visitor

INVOICE = HERE / "tests/sales/samples/cfdiutils_cfdi40-valid.xml"


@pytest.fixture
def house(new_house):
    return new_house


@pytest.fixture
def crew(house, chromium, request):
    """Everybody at a device of their own, staff at laptops, the firm at phones; and what is found wrong."""
    findings = Findings()
    devices = {name: LAPTOP for name in ("admin", "lead", "trainer")}
    devices |= {name: PHONE for name in ("owner", "son", "stranger")}
    people = {
        name: Visitor(chromium, house, findings, viewport=viewport, javascript=request.param)
        for name, viewport in devices.items()
    }
    yield SimpleNamespace(**people, findings=findings)
    for person in people.values():
        person.close()


@pytest.mark.timeout(300)
@pytest.mark.parametrize("crew", [True, False], ids=["javascript", "plain"], indirect=True)
def test_a_firm_goes_from_its_invitation_to_its_certificate(house, crew, clock_to):
    clock_to(2026, 8, 20, 16)
    _open_the_programme(house, crew)
    _let_the_firm_in(house, crew)
    _learn_and_do(crew)
    _write_down_what_was_before(crew)

    clock_to(2026, 9, 2, 19)
    _meet(house, crew)
    firm.report_august(crew.owner)

    clock_to(2026, 10, 8, 17)
    _finish(house, crew)
    _graduate(house, crew)

    clock_to(2027, 2, 3, 17)
    firm.sign_in_with_code(crew.owner, staff.OWNER_MAIL)
    firm.report_january(crew.owner)
    staff.enter_by_link(crew.lead, house.make_link(staff.LEAD_MAIL))
    staff.read_report(crew.lead, staff.FIRM)

    crew.findings.assert_none()


def _open_the_programme(house, crew) -> None:
    lead_link = house.invite_staff(staff.LEAD_MAIL, staff.LEAD, "lead")
    staff.enter_by_link(crew.admin, house.invite_staff("admin@example.org", "Adán Rey", "admin"))
    staff.invite_trainer(crew.admin)
    staff.accept_role(crew.trainer, house.letters_to(staff.TRAINER_MAIL)[-1])
    staff.create_programme(crew.admin)
    staff.enter_by_link(crew.lead, lead_link)
    staff.open_cohort(crew.lead)


def _let_the_firm_in(house, crew) -> None:
    staff.invite_firm(crew.lead)
    firm.accept_invitation(crew.owner, house.letters_to(staff.OWNER_MAIL)[-1])
    staff.assign_mentor(crew.lead)
    firm.invite_son(crew.owner)
    firm.son_accepts(crew.son, house.letters_to(firm.SON_MAIL)[-1])


def _learn_and_do(crew) -> None:
    """A lesson, a quiz, and a task that comes back once before it is accepted."""
    firm.do_lesson(crew.son)
    firm.take_baseline_quiz(crew.son)
    firm.hand_in_task(crew.son)
    staff.send_back(crew.trainer, firm.BRIEF)
    firm.hand_in_again(crew.son, staff.COMMENT)
    staff.accept_with_levels(crew.trainer)
    firm.sees_acceptance(crew.son)


def _write_down_what_was_before(crew) -> None:
    firm.write_baseline(crew.owner)
    firm.add_invoices(crew.owner, INVOICE)
    firm.freeze_baseline(crew.owner)
    staff.plan_session(crew.trainer)


def _meet(house, crew) -> None:
    staff.enter_by_link(crew.trainer, house.make_link(staff.TRAINER_MAIL))
    staff.hold_session(crew.trainer)
    firm.read_agreements(crew.owner, staff.SHARED, staff.INTERNAL, staff.AGREEMENT)


def _finish(house, crew) -> None:
    """Sales with evidence, a milestone and the final quiz; the trainer checks what the firm says."""
    firm.sign_in_with_code(crew.owner, staff.OWNER_MAIL)
    firm.report_september(crew.owner)
    firm.claim_milestone(crew.owner, "Cuenta verificada")
    firm.take_final_quiz(crew.owner)
    staff.enter_by_link(crew.trainer, house.make_link(staff.TRAINER_MAIL))
    staff.verify_sales(crew.trainer)
    staff.verify_milestone(crew.trainer, "Cuenta verificada")


def _graduate(house, crew) -> None:
    staff.enter_by_link(crew.lead, house.make_link(staff.LEAD_MAIL))
    staff.graduate(crew.lead)
    address = firm.get_certificate(crew.owner)
    firm.check_certificate(crew.stranger, address)
    staff.read_report(crew.lead, "Es pronto para comparar")
    firm.sign_out(crew.owner)

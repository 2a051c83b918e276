"""One firm from its invitation to its certificate, with everybody it meets, through the browser alone."""

import pytest

from tests.browser import firm_steps as firm
from tests.browser import staff_steps as staff
from tests.browser.visitor import LAPTOP, Findings, Visitor


@pytest.mark.timeout(300)
@pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "plain"])
def test_a_firm_goes_from_its_invitation_to_its_certificate(house, chromium, clock_to, javascript):
    findings = Findings()

    def visitor(viewport=None) -> Visitor:
        options = {"viewport": viewport} if viewport else {}
        return Visitor(chromium, house, findings, javascript=javascript, **options)

    admin, lead, trainer = (visitor(LAPTOP) for _ in range(3))
    owner, son = visitor(), visitor()

    clock_to(2026, 8, 20, 16)
    lead_link = house.invite_staff(staff.LEAD_MAIL, staff.LEAD, "lead")
    staff.enter_by_link(admin, house.invite_staff("admin@example.org", "Adán Rey", "admin"))
    staff.invite_trainer(admin)
    staff.accept_role(trainer, house.letters_to(staff.TRAINER_MAIL)[-1])
    staff.create_programme(admin)
    staff.enter_by_link(lead, lead_link)
    staff.open_cohort(lead)
    staff.invite_firm(lead)

    firm.accept_invitation(owner, house.letters_to(staff.OWNER_MAIL)[-1])
    staff.assign_mentor(lead)
    firm.invite_son(owner)
    firm.son_accepts(son, house.letters_to(firm.SON_MAIL)[-1])
    firm.do_lesson(son)
    findings.assert_none()

"""Giving a firm its RFC, by which its invoices are recognised."""

import pytest

from lms.foundation.db import db


def page_of(cast):
    return f"/enrolments/{cast.enrolment.id}/rfc"


@pytest.mark.parametrize("who", ["mentor", "trainer", "lead"])
def test_who_goes_with_a_firm_adds_its_rfc(cast, browser, who):
    page = browser(getattr(cast, who)).submit(page_of(cast), rfc=" eku-900317-3c9 ")
    assert page.status == 200 and page.heading == "Telas Lupita"
    assert cast.firm.rfc == "EKU9003173C9"


@pytest.mark.parametrize("typed", ["", "XAXX010101000", "EKU900317", "hola"])
def test_what_is_no_rfc_of_a_firm_is_refused_and_stays_on_the_page(cast, browser, typed):
    page = browser(cast.trainer).submit(page_of(cast), rfc=typed)
    assert page.status == 422
    assert page.root.find("input", name="rfc").attributes.get("value", "") == typed
    assert cast.firm.rfc is None


def test_two_firms_cannot_have_one_rfc(cast, browser):
    cast.rival_firm.rfc = "EKU9003173C9"
    db.session.flush()
    page = browser(cast.trainer).submit(page_of(cast), rfc="EKU9003173C9")
    assert page.status == 422
    assert cast.firm.rfc is None

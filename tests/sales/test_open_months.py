"""A course that began this month: its starting point is closed, and its first month is not over."""

from datetime import date

from lms.foundation.clock import now
from lms.foundation.db import db
from lms.sales.models import Baseline


def test_the_menu_leads_to_the_months_while_none_can_be_written(enrolment, cast, browser):
    enrolment.cohort.starts_on = date(2026, 10, 5)
    db.session.add(
        Baseline(
            enrolment_id=enrolment.id,
            firm_id=enrolment.firm_id,
            user_id=cast.owner.id,
            months=[],
            frozen_at=now(),
        )
    )
    db.session.flush()
    owner = browser(cast.owner)
    assert "Todos tus meses" in owner.get("/sales").text
    page = owner.get("/sales/history")
    assert "Tu punto de partida ya está cerrado" in page.text
    assert "Anotar un mes" not in page.text

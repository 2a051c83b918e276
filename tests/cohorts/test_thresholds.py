"""From when on a firm needs someone: bounds, what is kept, and the page on which a lead writes it."""

import pytest

from lms.cohorts.services import thresholds_of, write_thresholds
from lms.cohorts.thresholds import BOUNDS, USUAL, Thresholds
from lms.foundation.db import db
from lms.foundation.errors import Refused
from lms.ops.models import AuditEntry


@pytest.mark.parametrize("name", BOUNDS)
def test_the_usual_is_within_bounds_and_what_is_not_is_refused(app, name):
    least, most = BOUNDS[name]
    assert least <= getattr(USUAL, name) <= most
    for wrong in (least - 1, most + 1, "7", None, True, 2.5):
        with app.test_request_context(), pytest.raises(Refused):
            Thresholds(**{name: wrong})


def test_a_cohort_without_any_has_the_usual(cast):
    assert cast.cohort.thresholds is None
    assert thresholds_of(cast.cohort) == USUAL


def test_they_survive_being_kept_and_unknown_names_do_no_harm():
    wanted = Thresholds(quiet_days=14, absences=3)
    assert Thresholds.from_json(wanted.to_json() | {"moon": 3}) == wanted
    assert Thresholds.from_json({"overdue": 5}) == Thresholds(overdue=5)


def test_a_change_is_told_to_the_audit_trail_and_none_is_not(cast):
    write_thresholds(cast.cohort, USUAL, by=cast.lead)
    assert db.session.query(AuditEntry).filter_by(event="ProgrammeChanged").count() == 0
    write_thresholds(cast.cohort, Thresholds(overdue=4), by=cast.lead)
    assert db.session.query(AuditEntry).filter_by(event="ProgrammeChanged").count() == 1
    assert thresholds_of(cast.cohort).overdue == 4


# The page


def test_a_lead_changes_them_and_today_says_the_new_ones(cast, browser):
    page = browser(cast.lead).submit(
        f"/cohorts/{cast.cohort.id}/attention/rules", "Guardar", quiet_days="30", overdue="4"
    )
    assert "30 días sin actividad" in page.text and "4 tareas atrasadas" in page.text
    today = browser(cast.mentor).get("/home")
    assert "30 días sin actividad" in today.text
    assert "tareas atrasadas desde" not in today.text


@pytest.mark.parametrize("days", ["2", "61", "", "siete", "7.5", "9" * 40])
def test_what_is_out_of_bounds_is_said_and_nothing_is_lost(cast, browser, days):
    page = browser(cast.lead).submit(
        f"/cohorts/{cast.cohort.id}/attention/rules", "Guardar", quiet_days=days, overdue="9"
    )
    assert page.status == 422 and page.errors
    assert 'value="9"' in page.html
    db.session.refresh(cast.cohort)
    assert cast.cohort.thresholds is None


def test_trainers_read_them_and_may_not_change_them(cast, browser):
    page = browser(cast.trainer).get(f"/cohorts/{cast.cohort.id}/attention")
    assert "7 días sin actividad" in page.text
    assert f"/cohorts/{cast.cohort.id}/attention/rules" not in page.links

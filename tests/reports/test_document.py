"""What a report says of a programme: comparison with later firms, real pesos, help given, parts of it."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from lms.accounts.models import Sector
from lms.foundation.clock import now
from lms.mentoring.models import Session, SessionKind, SessionState
from lms.reports import deflating, prices
from lms.reports.document import document_of
from lms.reports.selection import select_from
from lms.sales import months
from tests import build
from tests.reports.past import AFTER, BEFORE, PAST, figures, frozen, taught

PRIMARY = "+1..+3"


def later(programme, version, name="Otoño dos", starts_on=date(2026, 9, 7)):
    return build.cohort(programme, version, name, starts_on=starts_on)


def waits(cohort, name, before, after, **place):
    """A firm of a later cohort: its own baseline lies in the months after the first cohort's course."""
    enrolment = taught(cohort, name, before=None, after=None, **place)
    owner = enrolment.firm.people[0]
    own = months.months_before(cohort.starts_on, 12)
    frozen(enrolment, owner, {month: before if month < AFTER[0] else after for month in own})
    figures(enrolment, owner, {month: before for month in BEFORE if month not in own})
    return enrolment


def document(programme, **words):
    return document_of(select_from(programme, **words))


def test_firms_of_a_later_cohort_are_the_comparison(past, cast):
    second = later(past.programme, cast.version)
    for n in range(12):
        taught(past, f"Taller {n}", after=1200 + n)
        waits(second, f"Espera {n}", 1000, 1190 + n)
    found = document(past.programme, cohort_ids={past.id})["windows"][PRIMARY]
    assert found["comparison"]["flow"]["measured"] == 12
    assert found["comparison"]["median_ratio"] == pytest.approx(1.1955)
    did = found["difference"]["difference_in_differences"]
    assert did["ratio"] == pytest.approx(1.0084, abs=2e-4) and did["n"] == [12, 12]


def test_firms_of_another_sector_or_programme_or_of_an_earlier_cohort_are_none(past, cast):
    for n in range(12):
        taught(past, f"Taller {n}")
    waits(later(past.programme, cast.version), "Botas", 1000, 1100, sector=Sector.FOOTWEAR)
    waits(later(cast.other_programme, cast.version, "Ajena"), "Ajena", 1000, 1100)
    earlier = build.cohort(past.programme, cast.version, "Antes", starts_on=PAST - timedelta(days=364))
    was_there = taught(earlier, "Repite")
    build.enrol(was_there.firm, later(past.programme, cast.version, "Otra vez"))
    found = document(past.programme, cohort_ids={past.id})
    # What is left are the two firms of the first cohort of every test, which have no figures.
    assert found["comparison_firms"] == 2
    assert found["windows"][PRIMARY]["comparison"]["flow"]["measured"] == 0
    assert found["windows"][PRIMARY]["difference"] is None
    assert found["windows"][PRIMARY]["program"]["flow"]["firms"] == 12


def test_months_in_which_a_later_firm_was_in_its_own_course_are_left_out(past, cast):
    second = later(past.programme, cast.version, starts_on=date(2026, 3, 2))
    for n in range(12):
        taught(past, f"Taller {n}")
        enrolment = waits(second, f"Espera {n}", 1000, 1100)
        owner = enrolment.firm.people[0]
        figures(enrolment, owner, {month: 9000 for month in AFTER if month >= date(2026, 3, 1)})
    found = document(past.programme, cohort_ids={past.id})["windows"]
    assert found[PRIMARY]["comparison"]["median_ratio"] == pytest.approx(1.1)
    assert found["+1..+6"]["comparison"]["median_ratio"] == pytest.approx(1.1)


def test_the_primary_window_are_the_first_three_months(past, cast):
    for n in range(5):
        enrolment = taught(past, f"Taller {n}", after=None)
        owner = enrolment.firm.people[0]
        figures(enrolment, owner, {month: 1300 if at < 3 else 2000 for at, month in enumerate(AFTER)})
    found = document(past.programme)
    assert found["windows"][PRIMARY]["program"]["median_ratio"] == 1.3
    assert found["windows"]["+1..+6"]["program"]["median_ratio"] == 1.65


def test_real_pesos_only_where_every_month_has_its_index(past, cast):
    for n in range(5):
        taught(past, f"Taller {n}", before=1000, after=1200)
    needed = [*AFTER[:3], *(months.same_month_last_year(month) for month in AFTER[:3])]
    assert document(past.programme)["real"]["missing"] == [f"{month:%Y-%m}" for month in sorted(needed)]
    for month in needed:
        value = Decimal("100") if month.year == 2025 else Decimal("120")
        prices.write_price(month, value, "INEGI", date(2026, 10, 1), by=cast.lead)
    real = document(past.programme)["real"]
    assert real["base"] == "2026-04" and real["missing"] == []
    assert real["change"]["median_ratio"] == 1.0
    assert [one["value"] for one in real["index"]].count("120.000") == 3


def test_an_index_moves_every_month_to_the_prices_of_the_base():
    index = {date(2025, 1, 1): Decimal("100"), date(2026, 1, 1): Decimal("125")}
    totals = {date(2025, 1, 1): Decimal("80"), date(2026, 1, 1): None, date(2024, 1, 1): Decimal("5")}
    found = deflating.deflate(totals, index, date(2026, 1, 1))
    assert found == {date(2025, 1, 1): Decimal("100"), date(2026, 1, 1): None}


def test_the_report_can_be_of_a_part(past, cast):
    second = build.cohort(past.programme, cast.version, "Segunda", starts_on=PAST + timedelta(days=7))
    for n in range(6):
        taught(past, f"Ropa {n}", after=1100)
        taught(second, f"Botas {n}", after=1500, sector=Sector.FOOTWEAR, state="GUA")
    whole = document(past.programme)
    assert whole["flow"]["started"] == 14 and whole["public"] is not None
    for words in ({"cohort_ids": {second.id}}, {"sector": "footwear"}, {"state": "GUA"}):
        part = document(past.programme, **words)
        assert part["flow"]["started"] == 6 and part["public"] is None
        assert part["windows"][PRIMARY]["program"]["median_ratio"] == 1.5
    assert document(past.programme, sector="nonsense", state="XX")["flow"]["started"] == 14
    assert document(past.programme, cohort_ids={cast.other_cohort.id})["flow"]["started"] == 14


def test_help_given_is_described_beside_the_change(past, cast):
    for n in range(10):
        enrolment = taught(past, f"Taller {n}", after=1100 if n < 5 else 1400)
        whose = {"enrolment_id": enrolment.id, "firm_id": enrolment.firm_id}
        for _session in range(0 if n < 5 else 2):
            build.add(
                Session(
                    **whose,
                    host_id=cast.mentor.id,
                    kind=SessionKind.CALL,
                    starts_at=now(),
                    minutes=45,
                    state=SessionState.HELD,
                )
            )
    hours = document(past.programme)["dose"]["hours"]
    assert hours["less"] == {"firms": 5, "median_ratio": 1.1}
    assert hours["more"] == {"firms": 5, "median_ratio": 1.4}
    assert hours["middle"] == 0.75


def test_a_report_names_no_firm(past, cast):
    for n in range(6):
        taught(past, f"Canario {n}")
    assert "Canario" not in str(document(past.programme))

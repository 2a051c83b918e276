"""How many firms needed someone, week by week: counted once, on a Monday, and never invented."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from lms.cohorts.models import EnrolmentState
from lms.foundation import jobs
from lms.foundation.db import db
from lms.standing import attention
from lms.standing.models import AttentionWeek
from lms.standing.trends import count_attention, count_today, counted, monday_of, weeks_before
from tests import build
from tests.standing import deeds

MONDAY = date(2026, 10, 12)


def kept(cohort):
    return (
        db.session.query(AttentionWeek).filter_by(cohort_id=cohort.id).order_by(AttentionWeek.week_on).all()
    )


def week(cohort, weeks_ago, needing=1):
    """A week that was counted."""
    return build.add(
        AttentionWeek(
            cohort_id=cohort.id,
            week_on=MONDAY - timedelta(weeks=weeks_ago),
            taken_at=datetime(2026, 10, 12, tzinfo=UTC) - timedelta(weeks=weeks_ago),
            at_work=2,
            needing=needing,
            by_reason={attention.QUIET: needing},
        )
    )


def test_a_firm_counts_once_and_each_of_its_reasons_too(cast):
    found = count_today(cast.cohort)
    assert (found.at_work, found.needing) == (2, 2)
    assert found.by_reason[attention.QUIET] == 2 and found.by_reason[attention.BASELINE_MISSING] == 2
    deeds.freeze(cast.enrolment, cast.owner)
    assert count_today(cast.cohort).by_reason[attention.BASELINE_MISSING] == 1


def test_only_firms_at_work_are_counted(cast):
    cast.rival_enrolment.state = EnrolmentState.PAUSED
    db.session.flush()
    found = count_today(cast.cohort)
    assert (found.at_work, found.needing) == (1, 1)
    assert counted([], MONDAY).by_reason == {}


def test_a_week_is_counted_once_however_often_the_job_runs(cast):
    count_attention()
    count_attention()
    weeks = kept(cast.cohort)
    assert [one.week_on for one in weeks] == [MONDAY]
    assert weeks[0].needing == 2 and weeks[0].by_reason[attention.QUIET] == 2


def test_what_was_counted_stays_when_firms_put_it_right(cast, stopped_clock):
    count_attention()
    for enrolment, by in ((cast.enrolment, cast.owner), (cast.rival_enrolment, cast.rival)):
        deeds.freeze(enrolment, by)
    stopped_clock(datetime(2026, 10, 20, 18, tzinfo=UTC))
    count_attention()
    first, second = kept(cast.cohort)
    assert first.by_reason[attention.BASELINE_MISSING] == 2
    assert attention.BASELINE_MISSING not in second.by_reason
    assert [one.id for one in weeks_before(cast.cohort)] == [first.id]


def test_monday_comes_in_the_time_of_the_cohort(cast, stopped_clock):
    stopped_clock(datetime(2026, 10, 19, 3, tzinfo=UTC))  # Sunday evening in Mexico
    count_attention()
    assert [one.week_on for one in kept(cast.cohort)] == [MONDAY]


@pytest.mark.parametrize(
    "field, value", [("closed_at", datetime(2026, 10, 1, tzinfo=UTC)), ("starts_on", None)]
)
def test_a_cohort_that_is_over_or_has_not_begun_is_not_counted(cast, field, value):
    setattr(cast.cohort, field, value or date(2026, 10, 19))
    db.session.flush()
    count_attention()
    assert kept(cast.cohort) == []


def test_a_cohort_without_a_firm_at_work_is_not_counted(cast):
    for one in (cast.enrolment, cast.rival_enrolment):
        one.state = EnrolmentState.WITHDRAWN
    db.session.flush()
    count_attention()
    assert kept(cast.cohort) == []


def test_the_job_is_asked_for_by_itself(cast):
    db.session.commit()
    jobs.run_due()
    assert len(kept(cast.cohort)) == 1


def test_two_workers_cannot_keep_one_week_twice(cast):
    week(cast.cohort, 1)
    with pytest.raises(IntegrityError), db.session.begin_nested():
        week(cast.cohort, 1)


def test_a_week_begins_on_its_monday():
    assert monday_of(date(2026, 10, 12)) == monday_of(date(2026, 10, 18)) == MONDAY


# The page


def page_of(cast, browser, who="lead"):
    return browser(getattr(cast, who)).get(f"/cohorts/{cast.cohort.id}/attention")


def row(page, title):
    rows = [one for one in page.root.find_all("tr") if one.text.strip().startswith(title)]
    return [cell.text for cell in rows[0].find_all("td") if cell.text]


def test_without_a_past_there_is_only_today(cast, browser):
    page = page_of(cast, browser)
    assert "Hoy 2 de 2 empresas necesitan apoyo" in page.text
    assert "Todavía no hay semanas anteriores" in page.text
    assert row(page, "Sin actividad") == ["2"]


def test_weeks_are_shown_with_gaps_and_without_invention(cast, browser):
    week(cast.cohort, 3, needing=0)
    week(cast.cohort, 1)
    page = page_of(cast, browser)
    assert row(page, "Sin actividad") == ["0", "—", "1", "2"]
    assert "hace 3 semanas eran 0 de 2" in page.text


def test_eight_weeks_are_enough(cast, browser):
    for weeks_ago in range(1, 12):
        week(cast.cohort, weeks_ago)
    assert len(row(page_of(cast, browser), "Cualquier razón")) == 9


def test_a_cohort_shows_nothing_of_another(cast, browser):
    week(cast.other_cohort, 1)
    assert "Todavía no hay semanas anteriores" in page_of(cast, browser).text
    assert page_of(cast, browser, "other_lead").status == 404


def test_the_page_asks_few_questions(cast, browser, count_queries):
    for number in range(20):
        build.enrol(build.firm(f"Taller {number}"), cast.cohort)
    week(cast.cohort, 1)
    page_of(cast, browser)
    with count_queries() as queries:
        page_of(cast, browser)
    assert len(queries) <= 12, "\n".join(queries)

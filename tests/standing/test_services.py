"""Standings: what counts, what never lowers progress, and how many questions the database is asked."""

from datetime import UTC, date, datetime

import pytest

from lms.accounts.models import Membership, MembershipKind
from lms.assignments.models import SubmissionState
from lms.cohorts.models import EnrolmentState
from lms.foundation.db import db
from lms.mentoring.models import SessionState
from lms.sales.models import Channel
from lms.standing.services import standing_of, standings_of, standings_of_enrolments
from tests import build
from tests.standing import deeds


def test_a_firm_that_just_began_has_nothing_and_owes_what_its_weeks_ask(cast):
    standing = standing_of(cast.enrolment)
    assert (standing.firm_name, standing.state, standing.week_now) == (
        "Telas Lupita",
        EnrolmentState.ACTIVE,
        5,
    )
    assert (standing.lessons_done, standing.lessons_total) == (0, 4)
    assert (standing.briefs_accepted, standing.briefs_required) == (0, 2)
    assert standing.milestones == frozenset()
    assert [cell.mark for cell in standing.per_week] == ["late", "late"]


def test_a_firm_that_did_everything_has_everything(cast):
    deeds.meet_every_rule(cast)
    standing = standing_of(cast.enrolment)
    assert standing.lessons_done == standing.lessons_total == 4
    assert standing.quizzes_passed == standing.quizzes_total == 2
    assert standing.briefs_accepted == standing.briefs_required == 2
    assert (standing.attended, standing.counted_sessions) == (3, 3)
    assert standing.milestones == {"M0", "M1", "M2"}
    assert standing.final_quiz_passed and standing.baseline_frozen and standing.own_figure_months == 1
    assert standing.has_finished and standing.overdue_briefs == 0
    assert [cell.mark for cell in standing.per_week] == ["done", "done"]


def test_a_lesson_counts_once_however_many_of_the_firm_read_it(cast):
    lesson = cast.version.week_rows[0].lessons[0]
    deeds.read(cast.enrolment, cast.owner, lesson)
    deeds.read(cast.enrolment, cast.son, lesson)
    assert standing_of(cast.enrolment).lessons_done == 1


def test_optional_items_never_lower_progress(cast):
    week = cast.version.week_rows[0]
    week.lessons[1].optional = True
    week.brief.required = False
    deeds.read(cast.enrolment, cast.owner, week.lessons[0])
    deeds.attempt(cast.enrolment, cast.owner, week.quiz, passed=True)
    db.session.flush()
    standing = standing_of(cast.enrolment)
    assert (standing.lessons_done, standing.lessons_total) == (1, 3)
    assert standing.briefs_required == 1
    assert standing.per_week[0].mark == "done"
    deeds.read(cast.enrolment, cast.owner, week.lessons[1])
    assert standing_of(cast.enrolment).lessons_done == 1


def test_work_is_kept_when_the_cohort_moves_to_a_newer_version(cast):
    deeds.meet_every_rule(cast)
    newer = build.course_version(number=2, weeks=3)
    cast.cohort.course_version_id = newer.id
    db.session.flush()
    standing = standing_of(cast.enrolment)
    assert (standing.lessons_done, standing.lessons_total) == (4, 6)
    assert standing.briefs_accepted == 2 and standing.milestones == {"M0", "M1", "M2"}
    assert not standing.final_quiz_passed


def test_a_claim_counts_when_staff_verified_it_and_figures_prove_the_first_sale(cast):
    deeds.claim(cast.enrolment, cast.owner, "M1")
    deeds.claim(cast.enrolment, cast.owner, "M2", verified_by=cast.trainer)
    deeds.figure(cast.enrolment, cast.owner, date(2026, 10, 1), "900", Channel.SOCIAL, orders=10)
    assert standing_of(cast.enrolment).milestones == {"M2", "M3", "M4"}


def test_sales_before_the_start_or_at_the_counter_are_no_online_sale(cast):
    deeds.figure(cast.enrolment, cast.owner, date(2026, 8, 1), "900", Channel.SOCIAL, orders=20)
    deeds.figure(cast.enrolment, cast.owner, date(2026, 9, 1), "900", Channel.COUNTER, orders=20)
    standing = standing_of(cast.enrolment)
    assert standing.milestones == frozenset()
    assert standing.own_figure_months == 1


def test_a_figure_written_by_staff_or_without_amount_is_not_the_firms_own(cast):
    deeds.figure(cast.enrolment, cast.trainer, date(2026, 9, 1))
    deeds.figure(cast.enrolment, cast.owner, date(2026, 10, 1), gross=None)
    standing = standing_of(cast.enrolment)
    assert standing.own_figure_months == 0
    assert standing.missing_months == ()


def test_what_somebody_reported_before_leaving_the_firm_still_counts(cast):
    deeds.figure(cast.enrolment, cast.ex_member, date(2026, 9, 1))
    assert standing_of(cast.enrolment).own_figure_months == 1


def test_a_month_is_missing_from_the_eleventh_day_of_the_next(cast, stopped_clock):
    assert standing_of(cast.enrolment).missing_months == (date(2026, 9, 1),)
    stopped_clock(datetime(2026, 10, 10, 18, tzinfo=UTC))
    assert standing_of(cast.enrolment).missing_months == ()


def test_a_pause_moves_every_date_of_the_firm(cast):
    cast.enrolment.paused_days = 14
    db.session.flush()
    standing = standing_of(cast.enrolment)
    assert standing.week_now == 3
    assert standing.per_week[1].due_on == date(2026, 10, 4)
    cast.enrolment.state, cast.enrolment.paused_on = EnrolmentState.PAUSED, date(2026, 10, 7)
    db.session.flush()
    assert standing_of(cast.enrolment).week_now == 2
    assert {cell.mark for cell in standing_of(cast.enrolment).per_week} == {"pause"}


def test_attendance_counts_what_was_held_or_made_up(cast):
    came = (SessionState.HELD, SessionState.MADE_UP)
    absent = (SessionState.CANCELLED, SessionState.MISSED, SessionState.MISSED)
    deeds.hold(cast.enrolment, cast.trainer, *came, *absent, SessionState.PLANNED)
    standing = standing_of(cast.enrolment)
    assert (standing.attended, standing.counted_sessions, standing.missed_in_a_row) == (2, 4, 2)


def test_handed_in_work_is_neither_overdue_nor_accepted(cast):
    build.submission(cast.enrolment, cast.version.week_rows[0].brief, cast.owner)
    build.submission(cast.enrolment, cast.version.week_rows[1].brief, cast.owner, SubmissionState.DRAFT)
    standing = standing_of(cast.enrolment)
    assert (standing.briefs_accepted, standing.overdue_briefs) == (0, 1)
    assert standing.overdue_since == date(2026, 9, 20)
    assert [cell.brief_state for cell in standing.per_week] == ["handed_in", "draft"]


def test_the_last_sign_of_life_is_the_latest_of_all(cast):
    assert standing_of(cast.enrolment).last_activity_at is None
    deeds.read(cast.enrolment, cast.owner, cast.version.week_rows[0].lessons[0])
    deeds.call(cast.enrolment, cast.trainer)
    standing = standing_of(cast.enrolment)
    assert standing.last_activity_at == standing.last_contact_at == datetime(2026, 10, 14, 18, tzinfo=UTC)


def test_a_firm_of_two_cohorts_has_two_standings_that_do_not_mix(cast):
    again = build.cohort(cast.programme, cast.version, "Primavera", starts_on=date(2026, 10, 5))
    second = build.enrol(cast.firm, again)
    deeds.meet_every_rule(cast)
    first_standing, second_standing = standings_of_enrolments([cast.enrolment.id, second.id])
    assert first_standing.lessons_done == 4 and second_standing.lessons_done == 0
    assert (first_standing.own_figure_months, second_standing.own_figure_months) == (1, 0)


def test_standings_of_nobody_are_none(app):
    assert standings_of_enrolments([]) == []


@pytest.mark.parametrize("firms", [3, 30])
def test_a_cohort_of_any_size_asks_the_database_ten_times_at_most(cast, count_queries, firms):
    cohort = build.cohort(cast.programme, cast.version, "Grande", starts_on=build.START)
    for number in range(firms):
        person = build.user(f"Persona {number}")
        enrolment = build.enrol(build.firm(f"Taller {number:02d}", person), cohort)
        deeds.read(enrolment, person, *cast.version.week_rows[0].lessons)
        deeds.ask(enrolment, person)
        deeds.figure(enrolment, person, date(2026, 9, 1))
    db.session.expire_all()
    cohort_id = cohort.id
    with count_queries() as queries:
        standings = standings_of(cohort)
    assert len(queries) <= 10
    assert [s.firm_name for s in standings] == sorted(s.firm_name for s in standings)
    assert len(standings) == firms and {s.cohort_id for s in standings} == {cohort_id}
    assert all(s.lessons_done == 2 and s.open_help == 1 and s.own_figure_months == 1 for s in standings)


def test_somebody_who_belongs_to_two_firms_reports_for_each(cast):
    cousin = build.user("Prima Sol")
    for firm in (cast.firm, cast.rival_firm):
        place = {"firm_id": firm.id, "user_id": cousin.id, "kind": MembershipKind.STAFF}
        build.add(Membership(**place, joined_at=build.LONG_AGO))
    deeds.figure(cast.enrolment, cousin, date(2026, 9, 1))
    ours, theirs = standing_of(cast.enrolment), standing_of(cast.rival_enrolment)
    assert (ours.own_figure_months, theirs.own_figure_months) == (1, 0)

"""Figures of each task for staff, and accepted work as a sample for reviewers."""

from datetime import timedelta

import pytest

from lms.assignments import services
from lms.assignments.models import Assistance, Review, Sample, SubmissionState
from lms.assignments.statistics import Mark, Sent, figures
from lms.foundation.clock import now
from lms.foundation.db import db
from lms.foundation.errors import Refused
from tests import build

DAY = timedelta(days=1)


def sent(firm, number=1, after=0):
    return Sent(firm=firm, brief="t", number=number, at=now() + after * DAY)


def mark(firm, accepted, after, number=1, **levels):
    return Mark(firm=firm, brief="t", number=number, at=now() + after * DAY, accepted=accepted, levels=levels)


def test_firms_are_counted_by_their_first_and_their_last_decision():
    found = figures(
        [sent(1), sent(2), sent(2, 2, 5), sent(3)],
        [mark(2, True, 6, 2, Luz=3), mark(1, True, 2, Luz=2, Fondo=1), mark(2, False, 4, Luz=0)],
    )["t"]
    assert (found.firms, found.reviewed, found.accepted) == (3, 2, 2)
    assert (found.at_first, found.sent_back) == (1, 1)
    assert found.median_days == 2  # of 2, 4 and 1
    assert found.criteria["Luz"].counts == [0, 0, 1, 1] and found.criteria["Luz"].mean == 2.5
    assert found.criteria["Fondo"].counts == [0, 1, 0, 0]
    assert found.is_small


def test_a_task_that_nobody_answered_has_no_median():
    found = figures([sent(1)], [])["t"]
    assert (found.firms, found.reviewed, found.median_days, found.criteria) == (1, 0, None, {})


def reviewed(cast, enrolment, person, state):
    made = build.submission(enrolment, cast.version.week_rows[1].brief, person, state)
    made.versions[0].handed_in_at = now() - 3 * DAY
    db.session.flush()
    return made


@pytest.fixture
def two(cast):
    return (
        reviewed(cast, cast.enrolment, cast.owner, SubmissionState.ACCEPTED),
        reviewed(cast, cast.rival_enrolment, cast.rival, SubmissionState.RETURNED),
    )


def row_of(page, title):
    return next(row for row in page.root.find_all("tr") if title in row.text)


def test_a_trainer_reads_the_figures_of_every_task(cast, two, browser):
    page = browser(cast.trainer).get(f"/cohorts/{cast.cohort.id}/tasks")
    row = row_of(page, "Tarea 1").text
    assert "2 de 2" in row and "1 de 2" in row and "3.0" in row
    assert "0 de 2" in row_of(page, "Tarea 0").text
    assert "Luz" in page.text and "Nadie" not in page.text


def test_figures_of_few_firms_are_hidden_from_a_lead(cast, two, browser):
    page = browser(cast.lead).get(f"/cohorts/{cast.cohort.id}/tasks")
    assert "menos de 5 empresas" in row_of(page, "Tarea 1").text and "Luz" not in page.text
    person = build.user("Ana Paz")
    for number in range(3):
        enrolment = build.enrol(build.firm(f"Taller {number}", person), cast.cohort)
        reviewed(cast, enrolment, person, SubmissionState.ACCEPTED)
    page = browser(cast.lead).get(f"/cohorts/{cast.cohort.id}/tasks")
    assert "4 de 5" in row_of(page, "Tarea 1").text and "Luz" in page.text


def test_what_was_taken_up_again_or_is_not_the_firms_does_not_count(cast, two):
    db.session.query(Review).filter_by(submission_id=two[1].id).one().reopened_at = now()
    two[0].versions[0].assistance = Assistance.OBJECTED
    db.session.flush()
    _firms, rows = services.task_rows(cast.cohort, hide_small=False)
    found = next(row.figures for row in rows if row.entry.title == "Tarea 1")
    assert (found.firms, found.reviewed) == (1, 0)


def test_the_figures_take_as_many_queries_for_thirty_firms_as_for_two(cast, two, browser, count_queries):
    trainer, path = browser(cast.trainer), f"/cohorts/{cast.cohort.id}/tasks"
    counted = []
    for more in (0, 28):
        person = build.user(f"Persona {more}")
        for number in range(more):
            enrolment = build.enrol(build.firm(f"Taller {number}", person), cast.cohort)
            reviewed(cast, enrolment, person, SubmissionState.ACCEPTED)
        trainer.get(path)
        with count_queries() as queries:
            assert trainer.get(path).status == 200
        counted.append(len(queries))
    assert counted[0] == counted[1] <= 12


def test_accepted_work_becomes_a_sample_that_firms_do_not_see(cast, two, browser):
    trainer, path = browser(cast.trainer), f"/submissions/{two[0].id}/sample"
    page = trainer.submit(path, "Guardarla como ejemplo", note="Luz de lado")
    assert "Telas Lupita" in page.text and "Luz de lado" in page.text
    other = build.submission(cast.rival_enrolment, cast.version.week_rows[0].brief, cast.rival)
    assert "Luz de lado" not in trainer.get(f"/submissions/{other.id}/sample").text
    assert "Luz de lado" in browser(cast.lead).get(f"/submissions/{two[1].id}/sample").text
    for person in (cast.owner, cast.rival, cast.mentor):
        assert browser(person).get(path).status == 404
    assert "ejemplo" not in browser(cast.owner).get(f"/submissions/{two[0].id}").text.lower()
    page = trainer.submit(path, "Ya no es ejemplo")
    assert "Luz de lado" not in page.text and db.session.query(Sample).count() == 0


def test_only_accepted_work_is_a_sample_and_only_while_it_is(cast, two, browser):
    with pytest.raises(Refused):
        services.mark_sample(two[1], "", by=cast.trainer)
    services.mark_sample(two[0], "Sí", by=cast.trainer)
    services.reopen(two[0], "Otra vez", hours=1, revision=two[0].revision, by=cast.trainer)
    assert services.samples_for(two[1], by=cast.trainer) == []


def test_samples_of_firms_one_does_not_see_stay_away(cast, two):
    services.mark_sample(two[0], "Sí", by=cast.trainer)
    stranger = cast.trainer.reaching(cohort_ids=frozenset(), programme_ids=frozenset())
    assert services.samples_for(two[1], by=stranger) == []
    assert len(services.samples_for(two[1], by=cast.lead)) == 1

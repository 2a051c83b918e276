"""What a firm has done and been told: one row of every kind, in the words of that firm."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from flask import current_app

from lms.assignments.models import (
    Assistance,
    Attachment,
    Extension,
    ExtensionState,
    Opinion,
    Phrase,
    Recording,
    Submission,
    SubmissionState,
)
from lms.cohorts.models import Cohort, Enrolment, EnrolmentState, Exemption
from lms.curriculum.models import CourseFact, CourseVersion, KnowledgeTest, TestQuestion
from lms.foundation import storage
from lms.foundation.clock import now
from lms.foundation.jobs import Job
from lms.graduation import certificates
from lms.graduation.models import Decision, Verdict
from lms.graduation.signing import Keys
from lms.learning.models import Answer, Attempt, AttemptReset, Reading
from lms.reports import snapshots
from lms.reports.selection import select_from
from lms.tools.models import ToolSheet
from tests import build
from tests.build import add

PLACES = ("own", "rival", "other", "missing")
MONTH = date(2026, 9, 1)
MOVED_BY = 100


@dataclass(frozen=True)
class Canaries:
    """Words of one firm: what it is called, what it wrote and sold, what its mentor keeps from it."""

    names: str
    work: str
    figure: str
    internal: str

    @property
    def private(self) -> tuple[str, ...]:
        return self.work, self.figure


CANARIES = {
    "own": Canaries("Zafirombre", "Zafirobra", "7,310,131", "Zafirosecreto"),
    "rival": Canaries("Topaciombre", "Topaciobra", "7,320,232", "Topaciosecreto"),
    "other": Canaries("Opalombre", "Opalobra", "7,330,333", "Opalosecreto"),
}
AMOUNTS = {"own": Decimal(7_310_131), "rival": Decimal(7_320_232), "other": Decimal(7_330_333)}


def failed(words: Canaries) -> dict[str, Any]:
    """A letter to somebody of the firm that no mail server took."""
    error = f"ValueError: {words.work}"
    job = Job(name="send_letter", arguments={}, run_at=now(), attempts=6, error=error, dead_at=now())
    return {"job_id": add(job).id, "ops.answer_job act": "again"}


def calculated(by: dict, words: Canaries) -> dict[str, Any]:
    """A sheet with the firm's canary in its name and its sales in its numbers."""
    inputs = {"weekly_sales": words.figure.replace(",", ""), "lead_weeks": "2", "safety_weeks": "1"}
    times = {"created_at": now(), "updated_at": now()}
    sheet = ToolSheet(
        **by, **times, tool="reorder-point", name=words.work, inputs=inputs, results={"point": "36"}
    )
    return {"tool_sheet_id": add(sheet).id}


def taught_besides(version: CourseVersion) -> None:
    """A test, and a figure that each programme writes for itself."""
    test = add(
        KnowledgeTest(
            version_id=version.id, form="A", title="Antes", title_en="Before", summary_en="Before.", html=""
        )
    )
    options = build.question(1).options
    add(TestQuestion(test_id=test.id, position=1, objective="fotos", prompt="¿Qué haces?", options=options))
    blank = {"value": "", "unit": "", "source": "", "mark": ""}
    add(
        CourseFact(
            version_id=version.id, key="tarifa", label="Tarifa", parameter=True, hint="Pregunta.", **blank
        )
    )


def learnt(by: dict, version: CourseVersion, words: Canaries) -> dict[str, Any]:
    week = version.week_rows[0]
    add(
        Reading(
            **by, lesson_id=week.lessons[0].id, ticked=[0], opened_at=build.LONG_AGO, done_at=build.LONG_AGO
        )
    )
    drawn = [question.id for question in week.quiz.questions][:3]
    begun = {"number": 1, "drawn": drawn, "started_at": build.LONG_AGO, "total": 3}
    attempt = add(Attempt(**by, quiz_id=week.quiz.id, **begun))
    answered = drawn[0]
    add(Answer(attempt_id=attempt.id, question_id=answered, given=1, right=True, answered_at=build.LONG_AGO))
    reset = add(
        AttemptReset(
            **by,
            quiz_slug=version.week_rows[1].quiz.slug,
            reason=words.work,
            given_by_id=by["user_id"],
            given_at=build.LONG_AGO,
        )
    )
    excused = add(
        Exemption(
            enrolment_id=by["enrolment_id"],
            firm_id=by["firm_id"],
            slug=version.week_rows[1].lessons[1].slug,
            reason=words.work,
            given_by_id=by["user_id"],
            given_at=build.LONG_AGO,
        )
    )
    return {"attempt_id": attempt.id, "attempt_reset_id": reset.id, "exemption_id": excused.id}


def kept_phrases(cast) -> dict[str, int]:
    """A sentence of each reviewer, with the words that only that reviewer may read: the second one shared."""
    whose = {"own": cast.trainer, "rival": cast.lead, "other": cast.other_trainer}
    enrolments = {"own": cast.enrolment, "rival": cast.rival_enrolment, "other": cast.outsider_enrolment}
    return {
        name: add(
            Phrase(
                programme_id=enrolments[name].programme_id,
                course_id=enrolments[name].cohort.course_version.course_id,
                brief_slug=enrolments[name].cohort.course_version.week_rows[0].brief.slug,
                user_id=person.id,
                text="Muy bien, {persona}.",
                shared=name == "rival",
                written_at=now(),
            )
        ).id
        for name, person in whose.items()
    }


def handed_in(
    by: dict, enrolment: Enrolment, version: CourseVersion, words: Canaries, person
) -> dict[str, Any]:
    brief, another = version.week_rows[0].brief, version.week_rows[1].brief
    submission = build.submission(enrolment, brief, person, SubmissionState.HANDED_IN)
    submission.text = submission.versions[0].text = words.work
    returned = build.submission(enrolment, another, person, SubmissionState.RETURNED)
    returned.reviews[0].feedback = words.work
    returned.reviews[0].recording_id = _spoken(by, enrolment, returned, words)
    kept, small = storage.put(words.work.encode()), storage.put(words.work.encode())
    attachment = add(
        Attachment(
            **by,
            submission_id=submission.id,
            slot="frente",
            original_name=f"{words.work}.webp",
            media_type="image/webp",
            size=kept.size,
            sha256=kept.sha256,
            storage_key=kept.key,
            thumbnail_key=small.key,
            uploaded_at=build.LONG_AGO,
        )
    )
    submission.versions[0].attachment_ids = [attachment.id]
    submission.to_confirm, submission.versions[0].assistance = True, Assistance.ASKED
    asked = add(
        Extension(
            enrolment_id=enrolment.id,
            firm_id=enrolment.firm_id,
            brief_slug=another.slug,
            state=ExtensionState.ASKED,
            asked_by_id=person.id,
            asked_at=now(),
            asked_days=7,
            asked_because=words.work,
        )
    )
    return {
        "submission_id": submission.id,
        "review_id": returned.reviews[0].id,
        "recording_id": returned.reviews[0].recording_id,
        "opinion_id": _asked_of_a_colleague(enrolment, submission),
        "attachment_id": attachment.id,
        "extension_id": asked.id,
    }


def _asked_of_a_colleague(enrolment: Enrolment, submission: Submission) -> int:
    """The lead asks the trainer of the cohort what to think of the work."""
    asked = Opinion(
        enrolment_id=enrolment.id,
        firm_id=enrolment.firm_id,
        submission_id=submission.id,
        version_number=1,
        user_id=enrolment.cohort.trainers[0].id,
        asked_by_id=enrolment.cohort.programme.leads[0].id,
        asked_at=build.LONG_AGO,
        question="¿Está bien?",
    )
    return add(asked).id


def _spoken(by: dict, enrolment: Enrolment, submission: Submission, words: Canaries) -> int:
    """The voice note of a review that the firm has read."""
    kept = storage.put(words.work.encode())
    whose = by | {"user_id": enrolment.cohort.trainers[0].id}
    made = Recording(
        **whose,
        submission_id=submission.id,
        media_type="audio/mpeg",
        size=kept.size,
        sha256=kept.sha256,
        storage_key=kept.key,
        recorded_at=build.LONG_AGO,
    )
    return add(made).id


def decided(enrolment: Enrolment, past: Cohort, words: Canaries) -> dict[str, Any]:
    # A firm works in its newest enrolment, so the one that is over has the lower number.
    before = add(
        Enrolment(
            id=enrolment.id - MOVED_BY,
            cohort_id=past.id,
            firm_id=enrolment.firm_id,
            mentor_id=enrolment.mentor_id,
            state=EnrolmentState.GRADUATED,
            invited_at=build.LONG_AGO,
            started_at=build.LONG_AGO,
            ended_at=build.LONG_AGO,
        )
    )
    lead = past.programme.leads[0]
    decision = add(
        Decision(
            enrolment_id=before.id,
            firm_id=before.firm_id,
            verdict=Verdict.GRADUATED,
            rules=dict(build.RULES),
            results=[],
            exception=words.work,
            course_version_id=past.course_version_id,
            decided_by_id=lead.id,
            decided_at=build.LONG_AGO,
        )
    )
    certificate = certificates.issue(decision, by=lead, keys=Keys(current_app.config["DATA_DIR"]))
    return {"certificate_id": certificate.id, "folio": certificate.folio}


def published(programme, lead) -> int:
    """The number of a published report of this programme."""
    return snapshots.publish(select_from(programme), by=lead).id

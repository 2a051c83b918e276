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
from lms.sales import archives, digesting
from lms.sales.batches import Read
from lms.sales.importers.canonical import MILLION, Batch, Entry
from lms.sales.models import (
    Baseline,
    Channel,
    ConnectionState,
    Evidence,
    Figure,
    FigureRevision,
    Invoice,
    MilestoneReached,
    SalesConnection,
    SalesImport,
    SalesUpload,
    Tier,
    UploadState,
)
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


def sold(by: dict, enrolment: Enrolment, version, words: Canaries, amount: Decimal, person) -> dict[str, Any]:
    kept, small = storage.put(words.work.encode()), storage.put(words.work.encode())
    evidence = add(
        Evidence(
            **by,
            original_name=f"{words.work}.webp",
            media_type="image/webp",
            size=kept.size,
            sha256=kept.sha256,
            storage_key=kept.key,
            thumbnail_key=small.key,
            uploaded_at=now(),
        )
    )
    brought = add(
        SalesImport(
            **by,
            kind="cfdi",
            channel=Channel.OTHER,
            counted=1,
            left_out=0,
            imported_at=now(),
            summary={
                "channel": "other",
                "counted": 1,
                "left_out": {},
                "months": [{"month": "2026-09", "invoices": 1, "before": None, "after": str(amount)}],
            },
        )
    )
    figure = add(
        Figure(
            **by,
            channel=Channel.COUNTER,
            month=MONTH,
            gross=amount,
            orders=3,
            tier=Tier.D_RECORD,
            note=words.work,
            evidence_id=evidence.id,
            declared_at=now(),
        )
    )
    add(
        Figure(
            **by,
            channel=Channel.AMAZON,
            month=MONTH,
            gross=amount,
            tier=Tier.B_EXPORT,
            declared_at=now(),
            verified_at=now(),
            verified_by_id=enrolment.mentor_id,
        )
    )
    add(
        FigureRevision(
            figure_id=figure.id,
            firm_id=figure.firm_id,
            channel=figure.channel,
            month=MONTH,
            by_id=person.id,
            at=now(),
            what="declared",
            before=None,
            after=amount,
        )
    )
    add(
        Invoice(
            firm_id=enrolment.firm_id,
            import_id=brought.id,
            uuid=f"uuid-{words.work}",
            kind="I",
            month=MONTH,
            gross=amount,
            net=amount,
        )
    )
    months = [[f"2026-{month:02d}-01", str(amount)] for month in range(3, 9)]
    add(Baseline(**by, months=months, source_note=words.work, frozen_at=build.LONG_AGO))
    reached = add(
        MilestoneReached(
            **by,
            milestone_id=version.milestones[2].id,
            reached_on=MONTH,
            evidence=words.work,
            claimed_at=now(),
        )
    )
    return {
        "evidence_id": evidence.id, "figure_id": figure.id, "sales_import_id": brought.id,
        "milestone_reached_id": reached.id, "sales_upload_id": _upload(by, words, amount).id,
        "sales_connection_id": _connection(by).id,
    }  # fmt: skip


def _connection(by: dict) -> SalesConnection:
    """Leave to read the sales at a marketplace, as it is while nobody uses it."""
    opened = {"opened_at": build.LONG_AGO, "state": ConnectionState.OPEN, "asked_at": build.LONG_AGO}
    return add(SalesConnection(**by, channel=Channel.MERCADO_LIBRE, sealed=b"sealed", **opened))


def _upload(by: dict, words: Canaries, amount: Decimal) -> SalesUpload:
    """A file of sales that was read and waits to be looked over."""
    batch = Batch(source="mapped:abc", channel="counter", rows=1, columns={"date": words.work})
    batch.entries["1"] = Entry(MONTH.year * 12 + MONTH.month - 1, int(amount) * MILLION, None, 1, 1, 0, 0, 0)
    read = Read(channel=Channel.COUNTER, batch=batch, files=[])
    return add(
        SalesUpload(
            **by,
            state=UploadState.READY,
            channel=Channel.COUNTER,
            files_key=storage.put(archives.pack([(words.work, b"Fecha,Total")])).key,
            batch_key=storage.put(digesting.pack(read)).key,
            options={
                "bytes": 10, "orders": 1,
                "columns": {"names": [words.work], "examples": [], "guessed": {}, "signature": "abc"},
            },
            uploaded_at=now(),
        )
    )  # fmt: skip


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

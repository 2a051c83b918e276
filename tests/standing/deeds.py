"""What firms do in these tests, written as rows: reading, quizzes, work, sessions, figures, milestones."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from lms.assignments.models import Outcome, Review, SubmissionState
from lms.cohorts.rules import GraduationRules
from lms.curriculum.models import MilestoneDefinition
from lms.foundation.clock import now
from lms.foundation.db import db
from lms.learning.models import Attempt, AttemptState, Reading
from lms.mentoring.models import Contact, HelpRequest, Session, SessionKind, SessionState
from lms.sales.models import Baseline, Channel, Figure, MilestoneReached, Tier
from tests import build


def keys_of(enrolment):
    return {"enrolment_id": enrolment.id, "firm_id": enrolment.firm_id}


def read(enrolment, by, *lessons):
    for lesson in lessons:
        reading = Reading(
            **keys_of(enrolment), user_id=by.id, lesson_id=lesson.id, opened_at=now(), done_at=now()
        )
        build.add(reading)


def attempt(enrolment, by, quiz, *, passed, number=1):
    return build.add(
        Attempt(
            **keys_of(enrolment),
            user_id=by.id,
            quiz_id=quiz.id,
            number=number,
            drawn=[question.id for question in quiz.questions],
            state=AttemptState.FINISHED,
            started_at=now(),
            finished_at=now(),
            right=3 if passed else 0,
            total=3,
            passed=passed,
        )
    )


def hold(enrolment, host, *states, first=date(2026, 9, 21)):
    """One session a week from that day on, in these states."""
    for week, state in enumerate(states):
        starts_at = datetime(first.year, first.month, first.day, 17, tzinfo=UTC) + timedelta(weeks=week)
        build.add(
            Session(
                **keys_of(enrolment),
                host_id=host.id,
                kind=SessionKind.VISIT,
                starts_at=starts_at,
                state=state,
            )
        )


def freeze(enrolment, by):
    build.add(
        Baseline(**keys_of(enrolment), user_id=by.id, months=[["2026-08-01", "100.00"]], frozen_at=now())
    )


def figure(enrolment, by, month, gross="1000", channel=Channel.COUNTER, orders=None):
    amount = None if gross is None else Decimal(gross)
    build.add(
        Figure(
            **keys_of(enrolment),
            user_id=by.id,
            channel=channel,
            month=month,
            gross=amount,
            orders=orders,
            tier=Tier.D_RECORD,
            declared_at=now(),
        )
    )


def claim(enrolment, by, code, *, verified_by=None):
    version_id = enrolment.cohort.course_version_id
    wanted = db.select(MilestoneDefinition).filter_by(version_id=version_id, code=code)
    build.add(
        MilestoneReached(
            **keys_of(enrolment),
            user_id=by.id,
            milestone_id=db.session.scalars(wanted).one().id,
            reached_on=date(2026, 10, 1),
            evidence="La vi",
            claimed_at=now(),
            verified_by_id=verified_by.id if verified_by else None,
            verified_at=now() if verified_by else None,
        )
    )


def send_back(submission, grader, times=1):
    for _time in range(times):
        build.add(
            Review(
                **keys_of(submission.enrolment),
                submission_id=submission.id,
                version_number=1,
                grader_id=grader.id,
                outcome=Outcome.RETURNED,
                levels={},
                feedback="Otra vez",
                reviewed_at=now(),
            )
        )
    submission.state = SubmissionState.RETURNED


def ask(enrolment, by, *, answered=False):
    build.add(
        HelpRequest(
            **keys_of(enrolment),
            user_id=by.id,
            about_title="Tarea",
            about_path="/",
            text="¿Cómo?",
            asked_at=now(),
            answered_at=now() if answered else None,
        )
    )


def call(enrolment, by):
    build.add(Contact(**keys_of(enrolment), by_id=by.id, channel="whatsapp", text="Hola", made_at=now()))


def meet_every_rule(cast, enrolment=None, by=None):
    """All that the default rules ask: milestones, work, sessions, a month of sales, the final quiz."""
    enrolment, by = enrolment or cast.enrolment, by or cast.owner
    cast.cohort.rules = GraduationRules().to_json()
    weeks = cast.version.week_rows
    for week in weeks:
        read(enrolment, by, *week.lessons)
        attempt(enrolment, by, week.quiz, passed=True)
        build.submission(enrolment, week.brief, by, SubmissionState.ACCEPTED)
    hold(enrolment, cast.trainer, SessionState.HELD, SessionState.MADE_UP, SessionState.HELD)
    freeze(enrolment, by)
    for code in ("M1", "M2"):
        claim(enrolment, by, code, verified_by=cast.trainer)
    figure(enrolment, by, date(2026, 9, 1))

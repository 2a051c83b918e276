"""What firms, trainers and colleagues hear of the course's work: tasks, days, marks, new attempts."""

from typing import Any

from sqlalchemy import select

from lms import events
from lms.accounts.models import User
from lms.assignments import services as assignments
from lms.assignments.models import Extension, Opinion, Review, ReviewReply, Submission, SubmissionVersion
from lms.cohorts.models import Enrolment, Exemption
from lms.curriculum.syllabus import syllabus
from lms.foundation.db import db
from lms.learning.models import AttemptReset
from lms.notifications.letters import path_to, speaking
from lms.notifications.telling import people_of, tell


def give_receipt(event: events.SubmissionHandedIn) -> None:
    """A letter for who handed it in, and a line for those who will review it."""
    enrolment = db.session.get_one(Enrolment, event.enrolment_id)
    version = db.session.scalars(
        select(SubmissionVersion).where(SubmissionVersion.folio == event.folio)
    ).one()
    sender = db.session.get(User, event.actor_id) if event.actor_id else None
    words = {"title": event.title, "folio": event.folio, "firm": enrolment.firm.name}
    if sender is not None:
        path = path_to("assignments.receipt", submission_id=event.submission_id, number=version.number)
        with speaking(sender.locale):
            sent = _what_was_sent(version)
        to_firm = not event.assisted
        tell([sender], "receipt", path, words | sent, enrolment=enrolment, to_firm=to_firm, notice=False)
    if sender is not None and event.assisted:
        path = path_to("assignments.show_brief", brief_id=version.submission.brief_id)
        words["by"] = sender.first_name
        tell(people_of(event.firm_id), "assisted", path, words, enrolment=enrolment)
    path = path_to("assignments.review_submission", submission_id=event.submission_id)
    tell(
        enrolment.cohort.trainers, "to_review", path, words, enrolment=enrolment, to_firm=False, letter=False
    )


def tell_objection(event: events.AssistedWorkAnswered) -> None:
    """For who handed it in, and for the trainers in whose queue it was."""
    if event.confirmed:
        return
    submission = db.session.get_one(Submission, event.submission_id)
    enrolment, version = submission.enrolment, submission.versions[event.version - 1]
    words = {"firm": enrolment.firm.name, "title": event.title, "reason": event.reason}
    path = path_to("assignments.show_submission", submission_id=submission.id)
    tell([version.user], "not_ours", path, words, enrolment=enrolment, to_firm=False)
    others = [trainer for trainer in enrolment.cohort.trainers if trainer.id != version.user_id]
    tell(others, "not_ours", path, words, enrolment=enrolment, to_firm=False, letter=False)


def _what_was_sent(version: SubmissionVersion) -> dict[str, Any]:
    return {
        "at": version.handed_in_at,
        "due_on": version.due_on,
        "late": version.late,
        "files": assignments.listed_files(version),
        "has_text": bool(version.text),
        "has_link": bool(version.link),
    }


def call_for_answer(event: events.MoreDaysAsked) -> None:
    """For those who may answer: a letter and a line for the cohort's trainers."""
    extension = db.session.get_one(Extension, event.extension_id)
    enrolment = extension.enrolment
    path = path_to("assignments.answer_days", extension_id=extension.id)
    words = {"firm": enrolment.firm.name, "title": event.title, "reason": extension.asked_because}
    tell(enrolment.cohort.trainers, "days_asked", path, words, enrolment=enrolment, to_firm=False)


def tell_date(event: events.MoreDaysAnswered) -> None:
    extension = db.session.get_one(Extension, event.extension_id)
    by = db.session.get(User, event.actor_id) if event.actor_id else None
    brief = assignments.brief_named(extension.enrolment, extension.brief_slug)
    path = path_to("assignments.show_brief", brief_id=brief.id) if brief else path_to("home.start")
    words = {"title": event.title, "state": event.state, "due_on": extension.due_on, "reason": event.reason}
    words["by"] = by.first_name if by else ""
    tell(people_of(event.firm_id), "days_answered", path, words, enrolment=extension.enrolment)


def tell_of_exemption(event: events.ExemptionChanged) -> None:
    """For all people of the firm: any of them may have been about to do it."""
    exemption = db.session.get_one(Exemption, event.exemption_id)
    by = exemption.ended_by or exemption.given_by
    words = {"title": event.title, "by": by.first_name, "reason": event.reason, "in_force": event.in_force}
    path = path_to("learning.open_item", slug=event.slug)
    tell(people_of(event.firm_id), "excused", path, words, enrolment=exemption.enrolment)


def tell_of_attempt(event: events.NewAttemptGiven) -> None:
    """Only for the person who may answer anew."""
    reset = db.session.get_one(AttemptReset, event.attempt_reset_id)
    path = path_to("learning.take_test")
    if reset.quiz_slug:
        path = path_to("learning.open_item", slug=reset.quiz_slug)
    words = {"title": _title(reset), "by": reset.given_by.first_name, "reason": reset.reason}
    tell([reset.user], "new_attempt", path, words, enrolment=reset.enrolment)


def tell_of_undoing(event: events.NewAttemptTakenBack) -> None:
    """A line in the page is enough: what counted before counts again."""
    reset = db.session.get_one(AttemptReset, event.attempt_reset_id)
    words = {"title": _title(reset)}
    people = [reset.user]
    tell(people, "attempt_undone", path_to("learning.course"), words, enrolment=reset.enrolment, letter=False)


def _title(reset: AttemptReset) -> str:
    """What the course calls the quiz; the test has no name of its own here."""
    entries = syllabus(reset.enrolment.cohort.course_version_id).entries
    return next((entry.title for entry in entries if entry.slug == reset.quiz_slug), "")


def tell_result(event: events.SubmissionReviewed) -> None:
    enrolment = db.session.get_one(Enrolment, event.enrolment_id)
    submission = db.session.get_one(Submission, event.submission_id)
    path = path_to("assignments.show_brief", brief_id=submission.brief_id)
    words = {"title": event.title, "accepted": event.accepted}
    tell(people_of(event.firm_id), "reviewed", path, words, enrolment=enrolment)


def tell_of_regrading(event: events.ReviewReopened) -> None:
    """The firm hears it with the reason; who had decided too, when it was somebody else."""
    review = db.session.get_one(Review, event.review_id)
    enrolment = review.enrolment
    by = review.reopened_by.first_name if review.reopened_by else ""
    words = {"title": event.title, "reason": event.reason, "by": by, "firm": enrolment.firm.name}
    path = path_to("assignments.show_brief", brief_id=review.submission.brief_id)
    tell(people_of(event.firm_id), "reopened", path, words, enrolment=enrolment)
    if review.grader_id != event.actor_id:
        path = path_to("assignments.show_submission", submission_id=event.submission_id)
        tell([review.grader], "reopened", path, words, enrolment=enrolment, to_firm=False)


def ask_colleague(event: events.OpinionAsked) -> None:
    opinion = db.session.get_one(Opinion, event.opinion_id)
    words = {"title": event.title, "by": opinion.asked_by.name, "question": opinion.question}
    path = path_to("assignments.give_opinion", opinion_id=opinion.id)
    tell([opinion.user], "opinion_asked", path, words, enrolment=opinion.enrolment, to_firm=False)


def pass_opinion_on(event: events.OpinionGiven) -> None:
    opinion = db.session.get_one(Opinion, event.opinion_id)
    words = {"title": event.title, "by": opinion.user.name, "firm": opinion.enrolment.firm.name}
    path = path_to("assignments.review_submission", submission_id=opinion.submission_id)
    tell([opinion.asked_by], "opinion_given", path, words, enrolment=opinion.enrolment, to_firm=False)


def tell_reviewer(event: events.ReviewAnswered) -> None:
    """Who reviewed it, or, when that person is not there any more, the cohort's trainers."""
    reply = db.session.get_one(ReviewReply, event.review_reply_id)
    enrolment, grader = reply.enrolment, reply.review.grader
    trainers, leads = enrolment.cohort.trainers, enrolment.cohort.programme.leads
    readers = [grader] if grader in (*trainers, *leads) else trainers
    path = path_to("assignments.show_submission", submission_id=event.submission_id)
    words = {"firm": enrolment.firm.name, "title": event.title, "said": reply.text}
    tell(readers, "review_answered", path, words, enrolment=enrolment, to_firm=False)

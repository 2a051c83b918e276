"""Who is told of what: one table from events to the letters and notices that follow from them."""

from typing import Any

from sqlalchemy import select

from lms import events
from lms.accounts.models import Invitation, KnownPhone, Passkey, User
from lms.assignments import services as assignments
from lms.assignments.models import Extension, Opinion, Review, ReviewReply, Submission, SubmissionVersion
from lms.cohorts.models import Enrolment
from lms.foundation.db import db
from lms.mentoring.models import (
    Action,
    ActionOwner,
    Goal,
    HelpRequest,
    Note,
    Session,
    SessionState,
    Visibility,
)
from lms.notifications import digests, meetings, reminders  # noqa: F401  the worker finds jobs by name
from lms.notifications.letters import path_to, speaking, write
from lms.notifications.telling import people_of, tell

DEFAULT_LOCALE = "es_MX"


# People


def invite(event: events.PersonInvited) -> None:
    """The invitation letter; whoever was suspended is not written to under another name either."""
    invitation = db.session.get_one(Invitation, event.invitation_id)
    known = db.session.scalar(select(User).where(User.email == invitation.email))
    if known is not None and known.suspended_at is not None:
        return
    path = path_to("cohorts.accept_invitation", token=event.link_secret)
    words = {"name": invitation.name, "invitation": invitation}
    with speaking(known.locale if known else DEFAULT_LOCALE):
        write(invitation.email, "invitation", path, words, reader=known)


def send_code(event: events.SignInCodeMade) -> None:
    reader = db.session.get_one(User, event.user_id)
    words = {"code": event.code_secret}
    tell([reader], "sign_in_code", path_to("accounts.enter_code"), words, notice=False)


def tell_of_pin(event: events.PinSet) -> None:
    """A way in that somebody else made must not stay unseen: staff can make links for members."""
    where = db.session.get_one(KnownPhone, event.known_phone_id).name
    _tell_of_way_in(event.user_id, "accounts.this_phone", where=where, fingerprint=False)


def tell_of_passkey(event: events.PasskeyAdded) -> None:
    where = db.session.get_one(Passkey, event.passkey_id).name
    _tell_of_way_in(event.user_id, "accounts.passkeys", where=where, fingerprint=True)


def _tell_of_way_in(user_id: int, page: str, **words: Any) -> None:
    tell([db.session.get_one(User, user_id)], "new_way_in", path_to(page), words)


def warn_of_guesses(event: events.PinRemoved) -> None:
    """Only when somebody went on guessing: who removed their own PIN knows it."""
    if event.guessed:
        reader = db.session.get_one(User, event.user_id)
        words = {"phone": db.session.get_one(KnownPhone, event.known_phone_id).name}
        tell([reader], "pin_removed", path_to("accounts.this_phone"), words)


# Work


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


# Pauses


def ask_leads(event: events.PauseAsked) -> None:
    """Those who lead the programme answer."""
    enrolment = db.session.get_one(Enrolment, event.enrolment_id)
    path = path_to("cohorts.answer_pause", pause_request_id=event.pause_request_id)
    words = {"firm": enrolment.firm.name}
    tell(enrolment.cohort.programme.leads, "pause_asked", path, words, enrolment=enrolment, to_firm=False)


def tell_pause(event: events.PauseAnswered) -> None:
    enrolment = db.session.get_one(Enrolment, event.enrolment_id)
    words = {"approved": event.approved}
    path = path_to("cohorts.ask_pause")
    tell(people_of(event.firm_id), "pause_answered", path, words, enrolment=enrolment)


# Mentoring


def call_staff(event: events.HelpAsked) -> None:
    """A letter for the mentor (without one, for the trainers), a line for all of them."""
    asked = db.session.get_one(HelpRequest, event.help_request_id)
    enrolment = asked.enrolment
    path = path_to("mentoring.help_request", help_request_id=asked.id)
    words = {"firm": enrolment.firm.name, "about": asked.about_title}
    first = [enrolment.mentor] if enrolment.mentor else enrolment.cohort.trainers
    tell(first, "help_asked", path, words, enrolment=enrolment, to_firm=False)
    others = [trainer for trainer in enrolment.cohort.trainers if trainer not in first]
    tell(others, "help_asked", path, words, enrolment=enrolment, to_firm=False, letter=False)


def pass_answer_on(event: events.HelpAnswered) -> None:
    asked = db.session.get_one(HelpRequest, event.help_request_id)
    answered_by = asked.answered_by.name if asked.answered_by else ""
    words = {"about": asked.about_title, "answer": asked.answer, "by": answered_by}
    people = [person for person in people_of(asked.firm_id) if person.id == event.user_id]
    path = path_to("mentoring.help_request", help_request_id=asked.id)
    tell(people, "help_answered", path, words, enrolment=asked.enrolment)


def send_agreements(event: events.SessionClosed) -> None:
    """After a session: what was agreed, if there is anything to read."""
    session = db.session.get_one(Session, event.session_id)
    if event.state == SessionState.CANCELLED:
        return
    shared = select(Note.id).where(Note.session_id == session.id, Note.visibility == Visibility.SHARED)
    promised = select(Action.id).where(Action.session_id == session.id)
    if db.session.scalar(shared.limit(1)) or db.session.scalar(promised.limit(1)):
        words = {"session": session, "host": session.host.name}
        path = path_to("mentoring.agreements")
        tell(people_of(session.firm_id), "agreements", path, words, enrolment=session.enrolment)


def tell_of_goal(event: events.GoalChanged) -> None:
    """The other side hears that a goal was written, and then that it was agreed."""
    goal = db.session.get_one(Goal, event.goal_id)
    enrolment, actor = goal.enrolment, goal.agreed_by or goal.written_by
    by_firm = (goal.side is ActionOwner.FIRM) != event.agreed
    words = {"by": actor.name, "agreed": event.agreed}
    people = ([enrolment.mentor] if enrolment.mentor else []) if by_firm else people_of(event.firm_id)
    path = path_to("mentoring.goal", enrolment_id=enrolment.id)
    tell(people, "goal_changed", path, words, enrolment=enrolment, to_firm=not by_firm)


# Graduation


def tell_decision(event: events.DecisionMade) -> None:
    enrolment = db.session.get_one(Enrolment, event.enrolment_id)
    tell(people_of(event.firm_id), "decision", path_to("home.progress"), {}, enrolment=enrolment)


def send_certificate(event: events.CertificateIssued) -> None:
    enrolment = db.session.get_one(Enrolment, event.enrolment_id)
    path = path_to("graduation.my_certificate")
    tell(people_of(event.firm_id), "certificate", path, {}, enrolment=enrolment)


HANDLERS: events.Handlers = {
    events.PersonInvited: (invite,),
    events.SignInCodeMade: (send_code,),
    events.PinSet: (tell_of_pin,),
    events.PasskeyAdded: (tell_of_passkey,),
    events.PinRemoved: (warn_of_guesses,),
    events.SubmissionHandedIn: (give_receipt,),
    events.AssistedWorkAnswered: (tell_objection,),
    events.SubmissionReviewed: (tell_result,),
    events.ReviewAnswered: (tell_reviewer,),
    events.ReviewReopened: (tell_of_regrading,),
    events.OpinionAsked: (ask_colleague,),
    events.OpinionGiven: (pass_opinion_on,),
    events.MoreDaysAsked: (call_for_answer,),
    events.MoreDaysAnswered: (tell_date,),
    events.PauseAsked: (ask_leads,),
    events.PauseAnswered: (tell_pause,),
    events.HelpAsked: (call_staff,),
    events.HelpAnswered: (pass_answer_on,),
    events.SessionPlanned: (meetings.announce_session,),
    events.SessionMoved: (meetings.tell_of_move,),
    events.SessionClosed: (send_agreements, meetings.call_off),
    events.SeriesPlanned: (meetings.announce_series,),
    events.SeriesEnded: (meetings.call_off_series,),
    events.GoalChanged: (tell_of_goal,),
    events.DecisionMade: (tell_decision,),
    events.CertificateIssued: (send_certificate,),
}

"""Who is told of what: one table from events to the letters and notices that follow from them."""

from typing import Any

from sqlalchemy import select

from lms import events
from lms.accounts.models import Invitation, KnownPhone, Passkey, User
from lms.assignments import services as assignments
from lms.assignments.models import Extension, ReviewReply, Submission, SubmissionVersion
from lms.cohorts.models import Enrolment, Exemption
from lms.curriculum.syllabus import syllabus
from lms.followups.models import FollowUp
from lms.foundation.db import db
from lms.learning.models import AttemptReset
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
from lms.notifications.letters import leave_notice, path_to, speaking, write
from lms.notifications.models import Letter
from lms.notifications.services import forget_letters, forget_path, read_path
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


def keep_from_leaver(event: events.MemberLeft) -> None:
    """What waits for the morning about a firm is no longer for somebody who left it in the evening."""
    theirs = select(Enrolment.cohort_id).where(Enrolment.firm_id == event.firm_id)
    forget_letters((Letter.user_id == event.user_id) & Letter.cohort_id.in_(theirs))


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


# Messages


def tell_of_message(event: events.MessageWritten) -> None:
    """The other side hears of it, once until they read it; the words themselves stay in the page."""
    enrolment = db.session.get_one(Enrolment, event.enrolment_id)
    writer = db.session.get_one(User, event.actor_id)
    path = path_to("messages.thread", enrolment_id=enrolment.id)
    words = {"by": writer.first_name, "firm": enrolment.firm.name if event.from_firm else ""}
    if not event.from_firm:
        tell(people_of(event.firm_id), "message", path, words, enrolment=enrolment, once=True)
        return
    first = [enrolment.mentor] if enrolment.mentor else enrolment.cohort.trainers
    tell(first, "message", path, words, enrolment=enrolment, to_firm=False, once=True)


def forget_message(event: events.MessagesRead) -> None:
    """Whoever has read a conversation needs no line that leads there: as one of the firm or of its staff."""
    if event.actor_id is not None:
        path = path_to("messages.thread", enrolment_id=event.enrolment_id)
        for firm_id in (event.firm_id, None):
            read_path(event.actor_id, path, firm_id)


def spread_announcement(event: events.AnnouncementSent) -> None:
    words = {"title": event.title_secret, "said": event.text_secret}
    author = db.session.get_one(User, event.actor_id)
    for delivery_id, enrolment_id, user_id in event.deliveries_secret:
        enrolment, reader = db.session.get_one(Enrolment, enrolment_id), db.session.get_one(User, user_id)
        path = path_to("messages.open_announcement", delivery_id=delivery_id)
        tell([reader], "announcement", path, {**words, "by": author.name}, enrolment=enrolment)


def forget_announcement(event: events.AnnouncementSeen) -> None:
    path = path_to("messages.open_announcement", delivery_id=event.delivery_id)
    if event.actor_id is not None:
        read_path(event.actor_id, path, event.firm_id)


def take_announcement_back(event: events.AnnouncementWithdrawn) -> None:
    """What was not sent or read yet is forgotten: in the page, and in letters that still wait."""
    for delivery_id in event.delivery_ids:
        forget_path(path_to("messages.open_announcement", delivery_id=delivery_id))


# Graduation


def tell_decision(event: events.DecisionMade) -> None:
    enrolment = db.session.get_one(Enrolment, event.enrolment_id)
    tell(people_of(event.firm_id), "decision", path_to("home.progress"), {}, enrolment=enrolment)


def send_certificate(event: events.CertificateIssued) -> None:
    enrolment = db.session.get_one(Enrolment, event.enrolment_id)
    path = path_to("graduation.my_certificate")
    tell(people_of(event.firm_id), "certificate", path, {}, enrolment=enrolment)


def ask_again(event: events.FollowUpAsked) -> None:
    """The letter has a link that answers without signing in; the line in the page leads to the same form."""
    follow_up = db.session.get_one(FollowUp, event.follow_up_id)
    reader = db.session.get_one(User, event.user_id)
    words = {"months_after": follow_up.months_after, "closes_on": follow_up.closes_on}
    by_link = path_to("followups.answer_by_link", token=event.link_secret)
    signed_in = path_to("followups.answer", follow_up_id=follow_up.id)
    cohort = follow_up.enrolment.cohort
    with speaking(reader.locale, cohort.time_zone):
        said = {**words, "name": reader.first_name}
        write(reader.email, "follow_up", by_link, said, reader=reader, quiet=cohort)
        leave_notice(reader, "follow_up", signed_in, said, follow_up.firm_id)


HANDLERS: events.Handlers = {
    events.FollowUpAsked: (ask_again,),
    events.PersonInvited: (invite,),
    events.SignInCodeMade: (send_code,),
    events.MemberLeft: (keep_from_leaver,),
    events.PinSet: (tell_of_pin,),
    events.PasskeyAdded: (tell_of_passkey,),
    events.PinRemoved: (warn_of_guesses,),
    events.SubmissionHandedIn: (give_receipt,),
    events.AssistedWorkAnswered: (tell_objection,),
    events.SubmissionReviewed: (tell_result,),
    events.ReviewAnswered: (tell_reviewer,),
    events.MoreDaysAsked: (call_for_answer,),
    events.MoreDaysAnswered: (tell_date,),
    events.ExemptionChanged: (tell_of_exemption,),
    events.NewAttemptGiven: (tell_of_attempt,),
    events.NewAttemptTakenBack: (tell_of_undoing,),
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
    events.MessageWritten: (tell_of_message,),
    events.MessagesRead: (forget_message,),
    events.AnnouncementSent: (spread_announcement,),
    events.AnnouncementSeen: (forget_announcement,),
    events.AnnouncementWithdrawn: (take_announcement_back,),
    events.DecisionMade: (tell_decision,),
    events.CertificateIssued: (send_certificate,),
}

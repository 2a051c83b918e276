"""Who is told of what: one table from events to the letters and notices that follow from them."""

from typing import Any

from sqlalchemy import select

from lms import events
from lms.accounts.models import Invitation, KnownPhone, Passkey, User
from lms.cohorts.models import Enrolment
from lms.followups.models import FollowUp
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
from lms.notifications import digests, meetings, reminders, work  # noqa: F401  the worker finds jobs by name
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
    events.SubmissionHandedIn: (work.give_receipt,),
    events.AssistedWorkAnswered: (work.tell_objection,),
    events.SubmissionReviewed: (work.tell_result,),
    events.ReviewAnswered: (work.tell_reviewer,),
    events.ReviewReopened: (work.tell_of_regrading,),
    events.OpinionAsked: (work.ask_colleague,),
    events.OpinionGiven: (work.pass_opinion_on,),
    events.MoreDaysAsked: (work.call_for_answer,),
    events.MoreDaysAnswered: (work.tell_date,),
    events.ExemptionChanged: (work.tell_of_exemption,),
    events.NewAttemptGiven: (work.tell_of_attempt,),
    events.NewAttemptTakenBack: (work.tell_of_undoing,),
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

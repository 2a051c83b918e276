"""Letters that follow from events: to whom, in what words, with one link, and never to who is suspended."""

import re
from datetime import date, time, timedelta

import pytest

from lms import events
from lms.accounts.models import Invitation, MembershipKind, User
from lms.foundation.clock import now
from lms.foundation.db import db
from lms.mentoring import services as mentoring
from lms.mentoring.models import SessionKind, SessionState
from lms.mentoring.services import Outcome
from lms.notifications.letters import path_to, site_address
from lms.notifications.models import Letter, Notice
from lms.permissions import Role
from tests import build

DIGEST = "Lo nuevo para ti"
NAMES = ("Lupita", "Beto", "Mario", "Tere", "Ríos", "Telas")


def invite(cast, email="nueva@example.org"):
    invitation = build.add(
        Invitation(
            token_hash="x",
            firm_id=cast.firm.id,
            role=Role.MEMBER,
            kind=MembershipKind.STAFF,
            name="Nora Nieto",
            email=email,
            invited_by_id=cast.lead.id,
            created_at=now(),
            expires_at=now() + timedelta(days=7),
        )
    )
    events.publish(
        events.PersonInvited(
            actor_id=cast.lead.id,
            invitation_id=invitation.id,
            firm_id=cast.firm.id,
            link_secret="ficha-secreta",
        )
    )


def hand_in(cast):
    brief = cast.version.week_rows[0].brief
    work = build.submission(cast.enrolment, brief, cast.owner)
    events.publish(
        events.SubmissionHandedIn(
            actor_id=cast.owner.id,
            enrolment_id=cast.enrolment.id,
            firm_id=cast.firm.id,
            submission_id=work.id,
            title=brief.title,
            folio=work.versions[0].folio,
        )
    )
    return work


def review(cast):
    work = hand_in(cast)
    events.publish(
        events.SubmissionReviewed(
            actor_id=cast.trainer.id,
            enrolment_id=cast.enrolment.id,
            firm_id=cast.firm.id,
            submission_id=work.id,
            title="Tarea 0",
            accepted=False,
        )
    )


def ask(cast):
    return mentoring.ask_help(
        cast.enrolment, text="No puedo", about_title="Fotos", about_path="/lessons/1", by=cast.son
    )


def plan(cast, when=timedelta(days=2)):
    return mentoring.plan_session(
        cast.enrolment, kind=SessionKind.VISIT, starts_at=now() + when, minutes=45, by=cast.mentor
    )


def decide(cast):
    events.publish(
        events.DecisionMade(
            actor_id=cast.lead.id,
            enrolment_id=cast.enrolment.id,
            firm_id=cast.firm.id,
            decision_id=1,
            verdict="graduated",
            by_exception=False,
        )
    )
    events.publish(
        events.CertificateIssued(
            actor_id=cast.lead.id, enrolment_id=cast.enrolment.id, firm_id=cast.firm.id, certificate_id=1
        )
    )


def send_code(cast):
    events.publish(events.SignInCodeMade(actor_id=None, user_id=cast.owner.id, code_secret="493817"))


def everything(cast):
    invite(cast)
    send_code(cast)
    review(cast)
    mentoring.answer_help(ask(cast), "Abre la ventana.", by=cast.mentor)
    plan(cast)
    session = plan(cast, timedelta(days=-1))
    mentoring.close_session(session, Outcome(SessionState.HELD, shared_note="Precios"), by=cast.mentor)
    other = plan(cast, timedelta(days=3))
    mentoring.move_session(other, now() + timedelta(days=4), 45, by=cast.lead)
    mentoring.close_session(other, Outcome(SessionState.CANCELLED), by=cast.lead)
    series = mentoring.plan_series(
        cast.enrolment, kind=SessionKind.CALL, day=date(2026, 11, 2), hour=time(9), minutes=45,
        every_weeks=1, until=date(2026, 11, 20), by=cast.mentor,
    )  # fmt: skip
    mentoring.end_series(series, by=cast.mentor)
    mentoring.write_goal(cast.enrolment, "Veinte piezas", "", by=cast.owner)
    decide(cast)


def test_no_subject_holds_anything_personal_and_every_letter_has_one_button(cast, letters):
    everything(cast)
    sent = letters()
    assert len(sent) > 12
    for letter in sent:
        assert not any(name in letter.subject for name in (*NAMES, "493817", "F0000001")), letter.subject
        assert "\n\n\n" not in letter.text
        if letter.subject == DIGEST:
            continue
        # The one it is about; where it may be stopped, that is the other.
        links = re.findall(r"https?://\S+", letter.text)
        assert links[1:] == ([letter.stop_link] if letter.stop_link else []), letter.text
        assert letter.html.count('<a href="') == len(links) and links[0] in letter.html


def test_what_somebody_waits_for_cannot_be_stopped(cast, letters):
    everything(cast)
    subjects = {letter.subject for letter in letters() if not letter.stop_link}
    assert subjects == {
        "Tienes una invitación",
        "Tu código para entrar",
        "Recibimos tu trabajo",
        "Ya hay decisión sobre tu graduación",
        "Tu constancia está lista",
        DIGEST,
    }


def test_the_same_words_are_in_text_and_html_and_what_people_wrote_is_harmless(cast, letters):
    mentoring.answer_help(ask(cast), "Abre <b>la ventana</b>.\n\nY la puerta.", by=cast.mentor)
    (letter,) = [letter for letter in letters() if "contestó" in letter.text]
    assert "Abre <b>la ventana</b>." in letter.text
    assert (
        "<p>Abre &lt;b&gt;la ventana&lt;/b&gt;.</p>" in letter.html and "<p>Y la puerta.</p>" in letter.html
    )
    assert 'lang="es-MX"' in letter.html and "Leer la respuesta" in letter.html


def test_the_text_is_forgotten_once_it_is_sent(cast, letters):
    everything(cast)
    letters()
    assert {letter.text for letter in db.session.query(Letter)} == {""}
    assert all(letter.sent_at for letter in db.session.query(Letter))


def test_the_invitation_brings_its_link_to_the_invited_address(cast, letters):
    invite(cast)
    (letter,) = letters()
    assert letter.to == "nueva@example.org"
    assert path_to("cohorts.accept_invitation", token="ficha-secreta") in letter.text
    assert "Telas Lupita" in letter.text and "Lena Díaz" in letter.text


def test_the_code_is_in_the_text(cast, letters):
    send_code(cast)
    (letter,) = letters()
    assert letter.to == cast.owner.email
    assert "493817" in letter.text


def test_who_hands_in_gets_a_receipt_and_the_trainers_a_notice(cast, letters):
    work = hand_in(cast)
    (letter,) = [letter for letter in letters() if letter.subject != DIGEST]
    assert letter.to == cast.owner.email
    assert work.versions[0].folio in letter.text and "12:00 p. m." in letter.text
    assert [(notice.user_id, notice.firm_id) for notice in db.session.query(Notice)] == [
        (cast.trainer.id, None)
    ]


def test_the_people_of_the_firm_hear_of_a_review(cast, letters):
    review(cast)
    told = {letter.to for letter in letters() if "cambio" in letter.text}
    assert told == {cast.owner.email, cast.son.email}


def test_a_call_for_help_reaches_the_mentor_by_mail_and_trainers_in_the_page(cast, letters):
    ask(cast)
    assert [letter.to for letter in letters() if letter.subject != DIGEST] == [cast.mentor.email]
    assert {notice.user_id for notice in db.session.query(Notice)} == {cast.mentor.id, cast.trainer.id}


def test_without_a_mentor_the_trainers_are_written_to(cast, letters):
    cast.enrolment.mentor = None
    db.session.flush()
    ask(cast)
    assert [letter.to for letter in letters()] == [cast.trainer.email]


def test_an_answer_goes_to_who_asked_only(cast, letters):
    mentoring.answer_help(ask(cast), "Abre la ventana.", by=cast.mentor)
    answers = [letter for letter in letters() if "Abre la ventana." in letter.text]
    assert [letter.to for letter in answers] == [cast.son.email]


def test_a_session_is_announced_in_the_hours_of_the_cohort(cast, letters):
    cast.cohort.time_zone = "America/Cancun"
    plan(cast)
    text = letters()[0].text
    assert "viernes 16 de octubre a las 1:00 p. m." in text


def test_a_session_noted_afterwards_is_announced_to_nobody(cast, letters):
    plan(cast, timedelta(days=-2))
    assert letters() == []


def test_a_session_without_agreements_or_notes_sends_nothing(cast, letters):
    session = plan(cast, timedelta(days=-2))
    mentoring.close_session(session, Outcome(SessionState.MISSED, internal_note="No llegó"), by=cast.mentor)
    assert letters() == []


def test_who_is_suspended_or_left_gets_nothing(cast, letters):
    everything(cast)
    reached = {letter.to for letter in letters()}
    assert cast.suspended_user.email not in reached and cast.ex_member.email not in reached
    for_them = db.session.query(Notice).filter(
        Notice.user_id.in_([cast.suspended_user.id, cast.ex_member.id])
    )
    assert for_them.count() == 0


def test_who_is_suspended_before_the_letter_leaves_does_not_get_it(cast, letters):
    send_code(cast)
    db.session.get_one(User, cast.owner.id).suspended_at = now()
    assert letters() == []
    letter = db.session.query(Letter).one()
    assert (letter.text, letter.sent_at) == ("", None)


def test_nothing_leaves_when_the_change_is_not_kept(cast, letters):
    send_code(cast)
    db.session.rollback()
    assert letters() == []


def test_letters_are_in_the_language_of_the_reader(cast, letters):
    db.session.get_one(User, cast.owner.id).locale = "en"
    send_code(cast)
    assert letters()[0].subject == "Your code to enter"


@pytest.mark.parametrize(
    ("site", "address"), [("", "http://localhost/notices"), ("https://x.mx/", "https://x.mx/notices")]
)
def test_addresses_are_whole_also_without_a_request(app, monkeypatch, site, address):
    monkeypatch.setitem(app.config, "SITE_URL", site)
    assert site_address("/notices") == address


def test_every_event_with_a_handler_is_in_the_one_table():
    from lms.notifications.handlers import HANDLERS

    assert all(issubclass(event, events.Event) and handlers for event, handlers in HANDLERS.items())

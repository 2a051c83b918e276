"""The letter of the morning: one a day, what waits in it, and what everybody chose to hear of."""

from datetime import UTC, datetime, timedelta

import pytest

from lms import events
from lms.accounts.models import User
from lms.foundation.clock import now
from lms.foundation.db import db
from lms.notifications import preferences
from lms.notifications.kinds import DEFAULTS, Kind, Rhythm, is_time_for_digest
from lms.notifications.models import Letter, Notice, Preference
from lms.notifications.preferences import stop_token
from tests.notifications.test_letters import DIGEST, hand_in, plan

MORNING = datetime(2026, 10, 15, 14, 0, tzinfo=UTC)  # eight o'clock in Mexico City


@pytest.fixture
def review(cast):
    """Each call is one review of the firm's task."""
    work = hand_in(cast)

    def send_back():
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

    return send_back


@pytest.fixture
def digests(letters, stopped_clock):
    """The letters of the morning that go out when it is that time."""

    def sent(moment):
        stopped_clock(moment)
        return [letter for letter in letters() if letter.subject == DIGEST]

    return sent


@pytest.mark.parametrize(("hour", "expected"), [(0, False), (6, False), (7, True), (19, True), (20, False)])
def test_nobody_is_written_to_at_night(hour, expected):
    assert is_time_for_digest(datetime(2026, 10, 15, hour, 30)) is expected


def test_one_letter_tells_everything_since_the_last_each_with_its_own_button(cast, review, digests):
    review()
    review()
    (letter,) = [letter for letter in digests(MORNING) if letter.to == cast.owner.email]
    assert "hay 2 cosas nuevas" in letter.text
    assert letter.text.count("/briefs/") == 2 and letter.html.count("/briefs/") == 2
    assert letter.text.count("“Tarea 0” regresó") == 2


def test_there_is_one_letter_a_day_and_nothing_is_told_twice(cast, review, digests):
    review()
    first = len(digests(MORNING))
    review()
    assert len(digests(MORNING + timedelta(hours=2))) == first, "the next is for tomorrow"
    tomorrow = digests(MORNING + timedelta(days=1))
    (letter,) = [letter for letter in tomorrow[first:] if letter.to == cast.owner.email]
    assert "hay una cosa nueva" in letter.text
    assert len(digests(MORNING + timedelta(days=2))) == len(tomorrow), "nothing new, no letter"


def test_it_waits_for_the_morning_of_the_firm(cast, review, digests):
    cast.firm.time_zone = "America/Tijuana"
    review()
    tomorrow = MORNING + timedelta(days=1)
    at_six = tomorrow.replace(hour=13, minute=30)  # half past six in Tijuana, half past seven in Mexico City
    assert cast.owner.email not in {letter.to for letter in digests(at_six)}
    assert cast.owner.email in {letter.to for letter in digests(tomorrow.replace(hour=15))}


def test_what_was_read_in_the_page_is_not_told_again(cast, review, digests):
    review()
    db.session.query(Notice).update({"read_at": now()})
    assert digests(MORNING) == []


def test_many_lines_are_cut_and_said_to_be_cut(cast, review, digests):
    for _number in range(15):
        review()
    (letter,) = [letter for letter in digests(MORNING) if letter.to == cast.owner.email]
    assert letter.text.count("/briefs/") == 12 and "3 más antiguas" in letter.text


def test_each_kind_comes_as_the_person_chose(cast, review, digests, letters):
    preferences.choose(cast.owner.id, {Kind.WORK: Rhythm.AT_ONCE, Kind.SESSIONS: Rhythm.DAILY})
    preferences.choose(cast.son.id, {Kind.WORK: Rhythm.NEVER, Kind.SESSIONS: Rhythm.NEVER})
    review()
    plan(cast)
    of_owner = [letter for letter in digests(MORNING) if letter.to == cast.owner.email]
    assert len(of_owner) == 1 and "Sesión el" in of_owner[0].text and "Tarea 0" not in of_owner[0].text
    assert any("cambio" in letter.text for letter in letters() if letter.to == cast.owner.email)
    assert not [letter for letter in letters() if letter.to == cast.son.email]
    told = db.session.query(Notice.kind).filter_by(user_id=cast.son.id).distinct()
    assert {kind for (kind,) in told} >= {Kind.WORK, Kind.SESSIONS}, "the page tells it all"


def test_a_change_of_mind_counts_for_what_waits_already(cast, review, digests):
    review()
    preferences.choose(cast.owner.id, {Kind.WORK: Rhythm.NEVER})
    assert cast.owner.email not in {letter.to for letter in digests(MORNING)}


def test_who_is_suspended_gets_none(cast, review, digests):
    review()
    db.session.get_one(User, cast.owner.id).suspended_at = now()
    assert cast.owner.email not in {letter.to for letter in digests(MORNING)}


def test_those_who_review_read_in_the_morning_what_was_handed_in(cast, digests):
    hand_in(cast)
    (letter,) = [letter for letter in digests(MORNING) if letter.to == cast.trainer.email]
    assert "Telas Lupita entregó" in letter.text


# What one says of one's letters


def test_a_person_chooses_in_the_page(cast, browser):
    member = browser(cast.owner)
    page = member.get("/notices/by-mail")
    assert "Recordatorios" in page.text
    answer = member.send(page, "/notices/by-mail", work="never", reminders="at_once")
    assert "Guardado" in answer.text
    chosen = preferences.chosen_by(cast.owner.id)
    assert chosen == {**DEFAULTS, Kind.WORK: Rhythm.NEVER, Kind.REMINDERS: Rhythm.AT_ONCE}
    assert preferences.chosen_by(cast.son.id) == DEFAULTS
    assert db.session.query(Preference).count() == 2, "the usual is not written down"


def test_staff_are_not_asked_about_reminders_which_they_never_get(cast, browser):
    trainer = browser(cast.trainer)
    assert "Recordatorios" not in trainer.get("/notices/by-mail").text
    trainer.submit("/notices/by-mail", help="daily")
    assert preferences.chosen_by(cast.trainer.id) == {**DEFAULTS, Kind.HELP: Rhythm.DAILY}


def test_what_is_no_rhythm_is_refused_and_changes_nothing(cast, browser):
    member = browser(cast.owner)
    answer = member.submit("/notices/by-mail", work="hourly")
    assert answer.status == 422
    assert preferences.chosen_by(cast.owner.id) == DEFAULTS


def test_a_letter_can_be_stopped_from_itself_without_entering_and_asked_for_again(cast, browser):
    path = f"/letters/{stop_token(cast.owner.id, Kind.SESSIONS)}"
    stranger = browser(None)
    page = stranger.get(path)
    assert preferences.chosen_by(cast.owner.id) == DEFAULTS, "reading changes nothing"
    assert cast.owner.name not in page.text and cast.owner.email not in page.text
    answer = stranger.send(page, path)
    assert "Ya no te llegan" in answer.text
    assert preferences.chosen_by(cast.owner.id)[Kind.SESSIONS] is Rhythm.NEVER
    stranger.send(answer, path, button="Volver")
    assert preferences.chosen_by(cast.owner.id) == DEFAULTS


def test_one_click_in_a_mail_program_stops_them(cast, app):
    path = f"/letters/{stop_token(cast.owner.id, Kind.SESSIONS)}"
    answer = app.test_client().post(path, data={"List-Unsubscribe": "One-Click"})
    assert (answer.status_code, answer.data) == (204, b"")
    db.session.expire_all()
    assert preferences.chosen_by(cast.owner.id)[Kind.SESSIONS] is Rhythm.NEVER


@pytest.mark.parametrize("token", ["x", "WzEsIndvcmsiXQ.x", "."])
def test_a_token_that_was_not_made_here_opens_nothing(cast, app, token):
    assert app.test_client().get(f"/letters/{token}").status_code == 404
    assert app.test_client().post(f"/letters/{token}").status_code == 404


def test_letters_that_may_be_stopped_say_so_to_mail_programs(cast, letters, app):
    from lms.foundation.mail import as_message

    plan(cast)
    letter = letters()[0]
    message = as_message(letter, "avisos@pespunte.example")
    assert message["List-Unsubscribe"] == f"<{letter.stop_link}>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert {letter.html for letter in db.session.query(Letter)} == {""}, "forgotten once it is sent"

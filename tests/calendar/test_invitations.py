"""Letters about sessions carry something for the reader's own calendar: invitation, change, end."""

from datetime import date, time, timedelta
from email import message_from_bytes, policy

from lms.foundation.clock import now
from lms.foundation.mail import as_message
from lms.mentoring import services as mentoring
from lms.mentoring.models import SessionKind
from tests.calendar import strict


def plan(cast):
    return mentoring.plan_session(
        cast.enrolment, kind=SessionKind.CALL, starts_at=now() + timedelta(days=3), minutes=45, by=cast.mentor
    )


def attached(envelope):
    """What a mail program finds in the message as it goes over the wire."""
    sent = as_message(envelope, "Pespunte <avisos@example.org>").as_bytes(policy=policy.SMTP)
    (part,) = message_from_bytes(sent, policy=policy.default).iter_attachments()
    assert part.get_content_type() == "text/calendar"
    text = part.get_content().replace("\r\n", "\n").replace("\n", "\r\n")
    return part["content-type"].params["method"], strict.read(text)


def the_one(letters, to):
    return [letter for letter in letters if letter.to == to][-1]


def test_an_invitation_its_change_and_its_end_have_one_name_and_rising_numbers(cast, letters):
    session = plan(cast)
    said = [attached(the_one(letters(), cast.owner.email))]
    mentoring.move_session(session, now() + timedelta(days=4), 30, by=cast.mentor)
    said.append(attached(the_one(letters(), cast.owner.email)))
    mentoring.cancel_session(session, by=cast.mentor)
    said.append(attached(the_one(letters(), cast.owner.email)))
    assert [method for method, _calendar in said] == ["REQUEST", "REQUEST", "CANCEL"]
    events = [strict.events(calendar)[0] for _method, calendar in said]
    assert {strict.values(event, "UID")[0] for event in events} == {f"session-{session.id}@localhost"}
    assert [strict.values(event, "SEQUENCE")[0] for event in events] == ["0", "1", "2"]
    assert [strict.values(event, "STATUS")[0] for event in events] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]


def test_each_reader_is_invited_by_themselves_and_nobody_learns_an_address(cast, letters):
    plan(cast)
    for reader in (cast.owner, cast.son):
        letter = the_one(letters(), reader.email)
        _method, calendar = attached(letter)
        (event,) = strict.events(calendar)
        assert strict.values(event, "ATTENDEE") == [f"mailto:{reader.email}"]
        assert cast.mentor.email not in letter.calendar
        assert strict.unescape(strict.values(event, "SUMMARY")[0]) == "Sesión con Mario Vega"


def test_a_series_comes_as_one_letter_with_every_session(cast, letters):
    series = mentoring.plan_series(
        cast.enrolment, kind=SessionKind.CALL, day=date(2026, 10, 19), hour=time(10), minutes=45,
        every_weeks=1, until=date(2026, 11, 9), by=cast.mentor,
    )  # fmt: skip
    method, calendar = attached(the_one(letters(), cast.owner.email))
    assert method == "PUBLISH" and len(strict.events(calendar)) == 4
    mentoring.end_series(series, by=cast.mentor)
    method, calendar = attached(the_one(letters(), cast.owner.email))
    assert {strict.values(event, "STATUS")[0] for event in strict.events(calendar)} == {"CANCELLED"}


def test_the_calendar_is_forgotten_with_the_words_once_it_is_sent(cast, letters):
    from lms.foundation.db import db
    from lms.notifications.models import Letter

    plan(cast)
    assert all(letter.calendar for letter in letters())
    assert {kept.calendar for kept in db.session.query(Letter)} == {""}


def test_other_letters_carry_none(cast, letters):
    mentoring.ask_help(cast.enrolment, text="No puedo", about_title="", about_path="", by=cast.owner)
    assert {letter.calendar for letter in letters()} == {""}

"""An internal note is read by its author and the leads, a shared one by the firm and its staff."""

import pytest

from lms.foundation.clock import now
from lms.mentoring import services
from lms.mentoring.models import SessionKind, SessionState, Visibility
from lms.mentoring.services import Outcome

SHARED, INTERNAL = "Nota para la empresa", "Nota de casa"
BOTH, ONE, NONE = {Visibility.SHARED, Visibility.INTERNAL}, {Visibility.SHARED}, set()

READERS = {
    "mentor": BOTH,
    "lead": BOTH,
    "trainer": ONE,
    "owner": ONE,
    "son": ONE,
    "rival": NONE,
    "outsider": NONE,
    "ex_member": NONE,
    "other_trainer": NONE,
    "other_mentor": NONE,
    "other_lead": NONE,
    "admin": NONE,
}


@pytest.fixture
def session(cast):
    made = services.plan_session(
        cast.enrolment, kind=SessionKind.CALL, starts_at=now(), minutes=30, by=cast.mentor
    )
    services.close_session(made, Outcome(SessionState.HELD, SHARED, INTERNAL), by=cast.mentor)
    return made


@pytest.mark.parametrize("who", READERS)
def test_who_reads_which_note(cast, session, who):
    notes = services.notes_visible_to(getattr(cast, who), cast.enrolment)
    assert {note.visibility for note in notes} == READERS[who]


@pytest.mark.parametrize("who", READERS)
def test_no_page_of_the_room_shows_more(cast, session, browser, who):
    person = browser(getattr(cast, who))
    pages = (
        f"/sessions/{session.id}",
        "/mentoring",
        "/agreements",
        f"/enrolments/{cast.enrolment.id}/contacts/new",
    )
    said = " ".join(person.get(path).html for path in pages)
    assert (INTERNAL in said) == (Visibility.INTERNAL in READERS[who])
    if not READERS[who]:
        assert SHARED not in said


def test_an_author_who_lost_the_firm_reads_nothing_any_more(cast, session):
    cast.enrolment.mentor_id = None
    assert services.notes_visible_to(cast.mentor, cast.enrolment) == []


def test_neither_letters_nor_the_trail_hold_a_note(cast, session, letters):
    from lms.foundation.db import db
    from lms.ops.models import AuditEntry

    said = " ".join(letter.subject + letter.text for letter in letters())
    kept = " ".join(str(entry.details) for entry in db.session.query(AuditEntry))
    assert INTERNAL not in said + kept and SHARED not in said + kept

"""The conversation of a firm with its staff: who reads it, who hears of it, and what waits to be read."""

from datetime import timedelta

import pytest

from lms.accounts.models import Membership, User
from lms.accounts.services import remove_member
from lms.cohorts import services as cohorts
from lms.cohorts.models import EnrolmentState
from lms.foundation import clock
from lms.foundation.db import db
from lms.foundation.errors import Refused
from lms.foundation.jobs import run_due
from lms.messages import services
from lms.messages.models import LONGEST_MESSAGE, Message, ReadMark
from lms.notifications import preferences
from lms.notifications.kinds import Kind, Rhythm
from lms.notifications.models import Notice
from tests import build

WORDS = "¿A cuánto vendo la chamarra de mezclilla?"
SUBJECT = "Tienes un mensaje nuevo"


@pytest.fixture
def page(cast):
    return f"/enrolments/{cast.enrolment.id}/messages"


def say(cast, by, text=WORDS, enrolment=None):
    message = services.write(enrolment or cast.enrolment, text, by=by)
    db.session.commit()
    return message


def unread(person) -> int:
    db.session.commit()
    db.session.expire_all()
    return build.as_person(db.session.get_one(User, person.id)).unread


def link(page, words: str) -> str:
    return next(a.attributes["href"] for a in page.root.find_all("a") if words in a.text)


def test_a_member_writes_and_the_mentor_answers(cast, browser, page):
    browser(cast.owner).submit("/messages", "Enviar", text=WORDS)
    read = browser(cast.mentor).get(page)
    assert WORDS in read.text and "Lupita Ríos" in read.text and read.heading == "Telas Lupita"

    browser(cast.mentor).submit(page, "Enviar", text="Súmale el envío.")
    assert "Súmale el envío." in browser(cast.son).get("/messages").text
    first, second = db.session.query(Message).order_by(Message.id)
    assert (first.from_firm, second.from_firm) == (True, False)


def test_one_knows_who_reads_before_one_types(cast, browser):
    text = browser(cast.owner).get("/messages").text
    assert "Mario Vega, Tere Luna" in text and "la coordinación del programa" in text


def test_a_competitor_in_the_same_cohort_sees_nothing(cast, browser, page):
    say(cast, cast.owner)
    stranger = browser(cast.rival)
    assert stranger.get(page).status == stranger.get(f"{page}/print").status == 404
    assert WORDS not in stranger.get("/messages").text
    assert WORDS not in browser(cast.other_trainer).get("/messages?show=all").text


def test_whoever_left_the_firm_sees_nothing_more(cast, browser, page):
    say(cast, cast.mentor)
    assert WORDS in browser(cast.son).get("/messages").text
    remove_member(cast.firm.id, cast.son.id, by=cast.owner)
    after = browser(cast.son)
    assert WORDS not in after.get("/messages").text and after.get(page).status == 404


def test_the_lead_reads_along_and_does_not_write(cast, browser, page):
    say(cast, cast.owner)
    read = browser(cast.lead).get(page)
    assert WORDS in read.text and "Lo lees como coordinación" in read.text and not read.root.find("textarea")
    assert WORDS in browser(cast.lead).get("/messages").text


def test_what_is_too_long_or_empty_is_refused_and_kept(cast, browser, page):
    long = "á" * (LONGEST_MESSAGE + 1)
    refused = browser(cast.owner).submit(page, "Enviar", text=long)
    assert refused.status == 422 and long in refused.text and "4000 letras" in " ".join(refused.errors)
    assert browser(cast.owner).submit(page, "Enviar", text="  ").status == 422
    with pytest.raises(Refused):
        services.write(cast.enrolment, long, by=cast.owner)
    assert db.session.query(Message).count() == 0


def test_a_double_tap_writes_once(cast, browser, page):
    member = browser(cast.owner)
    open_page = member.get(page)
    for _tap in range(2):
        member.send(open_page, page, "Enviar", text=WORDS)
    assert db.session.query(Message).count() == 1


def test_signs_of_html_are_words(cast, browser, page):
    say(cast, cast.owner, "<b>no</b> & **sí**")
    shown = browser(cast.mentor).get(page)
    assert "<b>no</b> & sí" in shown.text


def test_nobody_writes_to_a_firm_that_withdrew(cast):
    cast.enrolment.state = EnrolmentState.WITHDRAWN
    with pytest.raises(Refused, match="nadie leería"):
        services.write(cast.enrolment, WORDS, by=cast.mentor)


# What waits


def test_what_is_new_is_counted_for_each_until_they_read_it(cast, browser, page):
    say(cast, cast.mentor)
    say(cast, cast.mentor, "Otra cosa")
    assert (unread(cast.owner), unread(cast.son), unread(cast.mentor)) == (2, 2, 0)
    assert "2 sin leer" in browser(cast.owner).get("/messages").root.text

    browser(cast.owner).submit("/messages", "Ya lo leí")
    assert (unread(cast.owner), unread(cast.son)) == (0, 2)
    assert "Leído por Lupita Ríos" in browser(cast.mentor).get(page).text


def test_looking_alone_marks_nothing(cast, browser):
    say(cast, cast.mentor)
    browser(cast.owner).get("/messages")
    assert (
        unread(cast.owner) == 1 and db.session.query(ReadMark).filter_by(user_id=cast.owner.id).count() == 0
    )


def test_reading_never_goes_back(cast):
    first, second = say(cast, cast.mentor), say(cast, cast.mentor)
    services.read(cast.enrolment, second.id, by=cast.owner)
    services.read(cast.enrolment, first.id, by=cast.owner)
    services.read(cast.enrolment, 10**6, by=cast.owner)
    assert db.session.query(ReadMark.message_id).filter_by(user_id=cast.owner.id).scalar() == second.id


def test_it_waits_for_the_mentor_and_without_one_for_the_trainers(cast):
    say(cast, cast.owner)
    assert (unread(cast.mentor), unread(cast.trainer), unread(cast.lead)) == (1, 0, 0)
    cohorts.assign_mentor(cast.enrolment, None, by=cast.lead)
    assert (unread(cast.mentor), unread(cast.trainer)) == (0, 1)
    cohorts.assign_mentor(cast.enrolment, cast.trainer.id, by=cast.lead)
    assert unread(cast.trainer) == 1


def test_who_joins_later_is_not_told_of_what_was_before(cast):
    say(cast, cast.mentor)
    late = build.user("Nora Ríos")
    place = Membership(firm_id=cast.firm.id, user_id=late.id, kind="staff", joined_at=build.now())
    build.add(place)
    services.recount_firm(cast.firm.id)
    assert unread(late) == 1, "of the same moment"
    message = db.session.query(Message).one()
    message.written_at = build.LONG_AGO
    services.recount_firm(cast.firm.id)
    assert unread(late) == 0


def test_a_new_cohort_begins_a_new_conversation(cast, browser):
    say(cast, cast.mentor)
    again = build.enrol(cast.firm, build.cohort(cast.programme, cast.version, "Invierno"))
    services.recount_firm(cast.firm.id)
    assert unread(cast.owner) == 0
    say(cast, cast.lead, "Bienvenida otra vez", again)
    text = browser(cast.owner).get("/messages").text
    assert "Bienvenida otra vez" in text and WORDS not in text


def test_the_number_costs_a_member_no_question(cast, browser, count_queries):
    member = browser(cast.owner)
    member.get("/account")
    with count_queries() as before:
        member.get("/account")
    say(cast, cast.mentor)
    with count_queries() as after:
        assert "1 sin leer" in member.get("/account").root.text
    assert len(after) == len(before)


# The list of staff


def test_staff_see_what_is_new_first_then_the_newest(cast, browser):
    cohorts.assign_mentor(cast.rival_enrolment, cast.mentor.id, by=cast.lead)
    say(cast, cast.owner, "primero")
    say(cast, cast.mentor, "después", cast.rival_enrolment)
    text = browser(cast.mentor).get("/messages").text
    assert text.index("primero") < text.index("después") and "1 sin leer" in text


def test_a_trainer_begins_with_those_they_answer(cast, browser):
    say(cast, cast.owner)
    say(cast, cast.rival, "de Rosa", cast.rival_enrolment)
    mine, everybody = (browser(cast.trainer).get(f"/messages{rest}").text for rest in ("", "?show=all"))
    assert "de Rosa" in mine and WORDS not in mine
    assert "de Rosa" in everybody and WORDS in everybody


def test_the_list_asks_as_much_for_many_as_for_one(cast, browser, count_queries):
    say(cast, cast.rival, "uno", cast.rival_enrolment)
    trainer = browser(cast.trainer)
    trainer.get("/messages")
    with count_queries() as few:
        trainer.get("/messages")
    for number in range(30):
        enrolment = build.enrol(build.firm(f"Taller {number}"), cast.cohort)
        say(cast, cast.trainer, f"palabra {number}", enrolment)
    with count_queries() as many:
        page = trainer.get("/messages")
    assert len(many) == len(few) and "Siguiente" in page.text
    assert "Anterior" in trainer.get("/messages?page=2").text


def test_earlier_messages_are_on_their_own_pages(cast, browser, page):
    for number in range(45):
        say(cast, cast.owner, f"mensaje-{number}-")
    reader = browser(cast.mentor)
    newest = reader.get(page)
    assert "mensaje-44-" in newest.text and "mensaje-24-" not in newest.text
    earlier = reader.get(link(newest, "Mensajes anteriores"))
    assert (
        "mensaje-24-" in earlier.text and "mensaje-5-" in earlier.text and "mensaje-25-" not in earlier.text
    )
    assert "mensaje-0-" in reader.get(link(earlier, "Mensajes anteriores")).text
    whole = reader.get(f"{page}/print").text
    assert "mensaje-0-" in whole and "mensaje-44-" in whole


# Letters


def test_a_letter_goes_to_the_other_side_and_keeps_the_words_at_home(cast, letters):
    say(cast, cast.owner)
    (letter,) = letters()
    assert letter.to == cast.mentor.email and letter.subject == SUBJECT
    assert WORDS not in letter.text + letter.html + letter.subject
    assert "Lupita, de Telas Lupita, te escribió" in letter.text and "/messages" in letter.text


def test_the_whole_firm_hears_from_its_mentor(cast, letters):
    say(cast, cast.mentor)
    assert {letter.to for letter in letters()} == {cast.owner.email, cast.son.email}


def test_there_is_one_letter_until_it_is_read(cast, letters, browser):
    say(cast, cast.mentor)
    say(cast, cast.mentor)
    assert len([letter for letter in letters() if letter.to == cast.owner.email]) == 1
    browser(cast.owner).submit("/messages", "Ya lo leí")
    assert db.session.query(Notice).filter_by(user_id=cast.owner.id, read_at=None).count() == 0
    say(cast, cast.mentor)
    assert len([letter for letter in letters() if letter.to == cast.owner.email]) == 2


def test_whoever_wants_it_once_a_day_gets_no_letter_now(cast, letters):
    preferences.choose(cast.owner.id, {Kind.MESSAGES: Rhythm.DAILY})
    say(cast, cast.mentor)
    assert SUBJECT not in {letter.subject for letter in letters() if letter.to == cast.owner.email}
    assert "Mario te escribió" in db.session.query(Notice).filter_by(user_id=cast.owner.id).one().text


def test_the_trail_says_that_somebody_wrote_but_not_what(cast):
    from lms.ops.models import AuditEntry

    say(cast, cast.owner)
    kept = db.session.query(AuditEntry).filter_by(event="MessageWritten").one()
    assert WORDS not in str(kept.details) and kept.details["enrolment_id"] == cast.enrolment.id


def test_a_conversation_goes_two_years_after_the_course(cast, stopped_clock):
    say(cast, cast.owner)
    say(cast, cast.rival, "De la otra", cast.rival_enrolment)
    cohorts.finish(cast.enrolment, graduated=True, by=cast.lead)
    db.session.commit()
    ended = clock.now()
    assert unread(cast.mentor) == 1
    stopped_clock(ended + timedelta(days=729))
    run_due()
    assert db.session.query(Message).count() == 2
    stopped_clock(ended + timedelta(days=731))
    run_due()
    assert [message.text for message in db.session.query(Message)] == ["De la otra"], "that firm is at work"
    assert unread(cast.mentor) == 0 and db.session.query(ReadMark).count() == 1

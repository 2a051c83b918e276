"""Announcements: to whom, when, and who saw them."""

from datetime import date, timedelta

import pytest

from lms.accounts.models import User
from lms.assignments.models import SubmissionState
from lms.cohorts.models import EnrolmentState
from lms.foundation.clock import now
from lms.foundation.db import db
from lms.foundation.errors import Refused
from lms.foundation.jobs import run_due
from lms.messages import services
from lms.messages.models import Announcement, Delivery
from lms.messages.shapes import AnnouncementData
from lms.notifications.models import Letter
from lms.ops.models import AuditEntry
from tests import build

TITLE, TEXT = "Clínica del jueves", "Traigan **tres** fotos.\n- De frente\n- De lado"
SUBJECT = "Un aviso para tu generación"


@pytest.fixture
def page(cast):
    return f"/cohorts/{cast.cohort.id}/announcements/new"


def tell(cast, audience="all", by=None, **more) -> Announcement:
    data = AnnouncementData(**{"audience": audience, "title": TITLE, "text": TEXT} | more)
    made = services.announce(cast.cohort, data, by=by or cast.trainer)
    db.session.commit()
    return made


def go_out() -> None:
    db.session.commit()
    run_due()
    db.session.expire_all()


def got(announcement) -> list[str]:
    return [delivery.user.name for delivery in services.deliveries_of(announcement)]


def of(letters) -> list[str]:
    return sorted(letter.to for letter in letters() if letter.subject == SUBJECT)


# To whom


def names(cast, audience) -> list[str]:
    return [firm.firm_name for firm in services.who_gets(cast.cohort, audience)]


def test_those_who_are_in_one_situation_today(cast):
    # Each firm is what the other is not.
    cast.rival_enrolment.state = EnrolmentState.PAUSED
    build.submission(cast.enrolment, cast.version.week_rows[1].brief, cast.owner)
    late = build.enrol(build.firm("Tarde"), cast.cohort)
    build.submission(late, cast.version.week_rows[1].brief, cast.owner, SubmissionState.DRAFT)
    assert names(cast, "all") == ["Costuras Rosa", "Tarde", "Telas Lupita"]
    assert names(cast, "active") == ["Tarde", "Telas Lupita"]
    assert names(cast, "paused") == ["Costuras Rosa"]
    assert names(cast, "task:1") == ["Tarde"]
    assert names(cast, "month:2026-09") == ["Tarde", "Telas Lupita"]
    assert names(cast, "attention:baseline_missing") == ["Tarde", "Telas Lupita"]
    assert names(cast, "milestone:M1") == ["Tarde", "Telas Lupita"]


def test_who_withdrew_or_graduated_hears_nothing(cast):
    cast.rival_enrolment.state = EnrolmentState.WITHDRAWN
    cast.enrolment.state = EnrolmentState.GRADUATED
    assert names(cast, "all") == []


@pytest.mark.parametrize(
    "word", ["", "nobody", "task:x", "task:٣", "month:2026-13", "attention:no", "all:1", "milestone:"]
)
def test_a_situation_that_nobody_knows_is_an_error(cast, word):
    with pytest.raises(ValueError):
        services.who_gets(cast.cohort, word)


def test_the_preview_names_who_gets_it_before_anything_is_sent(cast, browser, page):
    trainer = browser(cast.trainer)
    shown = trainer.submit(page, "Ver a quién le llega", audience="all", title=TITLE, text=TEXT)
    assert shown.status == 200 and "Les llegaría a 3 personas" in shown.text
    assert "Lupita Ríos, Beto Ríos" in shown.text and "Rosa Sol" in shown.text
    assert "Susi" not in shown.text and "Ema" not in shown.text
    assert db.session.query(Announcement).count() == 0

    sent = trainer.send(shown, page, "Enviarlo a 3 personas")
    assert sent.heading == TITLE
    go_out()
    assert len(got(db.session.query(Announcement).one())) == 3


def test_another_audience_is_looked_at_again_before_it_is_sent(cast, browser, page):
    trainer = browser(cast.trainer)
    shown = trainer.submit(page, "Ver a quién", audience="all", title=TITLE, text=TEXT)
    again = trainer.send(shown, page, "Enviarlo a 3", audience="paused")
    assert "Les llegaría a 0 personas" in again.text
    assert db.session.query(Announcement).count() == 0


def test_looking_again_sends_nothing(cast, browser, page):
    trainer = browser(cast.trainer)
    shown = trainer.submit(page, "Ver a quién", audience="all", title=TITLE, text=TEXT)
    again = trainer.send(shown, page, "Ver a quién", title="Otro título")
    assert "Les llegaría a 3 personas" in again.text and "Otro título" in again.text
    assert db.session.query(Announcement).count() == 0
    trainer.send(again, page, "Enviarlo a 3")
    assert db.session.query(Announcement).one().title == "Otro título"


def test_what_is_missing_is_said_and_what_was_written_kept(cast, browser, page):
    refused = browser(cast.trainer).submit(page, "Ver a quién", audience="all", title="", text=TEXT)
    assert refused.status == 422 and "De frente" in refused.html
    half = browser(cast.trainer).submit(page, "Ver", audience="all", title=TITLE, text=TEXT, day="2026-10-20")
    assert half.status == 422 and "Elige el día y la hora" in half.text
    strange = browser(cast.trainer).submit(page, "Ver", audience="task:99", title=TITLE, text=TEXT)
    assert strange.status == 422 and db.session.query(Announcement).count() == 0


def test_a_mentor_announces_nothing(cast, browser, page):
    assert browser(cast.mentor).get(page).status == browser(cast.other_trainer).get(page).status == 404


# When


def test_it_goes_out_by_mail_and_in_the_page(cast, browser, letters):
    tell(cast)
    assert of(letters) == sorted([cast.owner.email, cast.son.email, cast.rival.email])
    (letter,) = [one for one in letters() if one.to == cast.rival.email]
    assert TITLE in letter.text and "Tere Luna" in letter.text and TITLE not in letter.subject
    member = browser(cast.rival)
    listed = member.get("/announcements")
    assert TITLE in listed.text and "Nuevo" in listed.text
    assert "1 sin leer" in member.get("/account").root.text
    opened = member.get(next(link for link in listed.links if "/announcements/read/" in link))
    assert opened.heading == TITLE and opened.root.find("strong").text == "tres"


def test_who_gets_it_is_decided_when_it_goes_out(cast, stopped_clock, letters):
    made = tell(cast, "paused", send_at=now() + timedelta(days=1))
    assert of(letters) == [] and got(made) == []
    cast.rival_enrolment.state = EnrolmentState.PAUSED
    stopped_clock(now() + timedelta(days=1))
    go_out()
    assert got(made) == ["Rosa Sol"]


def test_the_hour_is_that_of_the_cohort(cast, browser, page):
    cast.cohort.time_zone = "America/Tijuana"
    trainer = browser(cast.trainer)
    shown = trainer.submit(
        page, "Ver", audience="all", title=TITLE, text=TEXT, day="2026-10-20", hour="09:00"
    )
    trainer.send(shown, page, "Dejarlo para ese momento")
    assert db.session.query(Announcement).one().send_at.isoformat() == "2026-10-20T16:00:00+00:00"


def test_until_then_it_can_be_moved_and_only_the_last_time_counts(cast, browser, stopped_clock, letters):
    start = now()
    made = tell(cast, send_at=start + timedelta(hours=2))
    later = AnnouncementData(audience="all", title="Otro", text=TEXT, send_at=start + timedelta(hours=5))
    services.change(made, later, by=cast.lead)
    stopped_clock(start + timedelta(hours=3))
    assert of(letters) == []
    stopped_clock(start + timedelta(hours=5))
    assert len(of(letters)) == 3
    go_out()
    assert len(of(letters)) == 3, "never twice"
    with pytest.raises(Refused, match="se queda como está"):
        services.change(made, later, by=cast.lead)


def test_what_was_withdrawn_before_its_time_never_goes_out(cast, browser, stopped_clock, letters):
    made = tell(cast, send_at=now() + timedelta(hours=2))
    browser(cast.lead).submit(f"/announcements/{made.id}/withdraw", reason="Cambió la fecha")
    stopped_clock(now() + timedelta(hours=3))
    assert of(letters) == []
    kept = browser(cast.trainer).get(f"/announcements/{made.id}")
    assert "Cambió la fecha" in kept.text and TITLE in kept.text and "Lena" in kept.text


def test_a_moment_that_has_passed_and_nobody_to_tell_are_refused(cast):
    with pytest.raises(Refused, match="ya pasó"):
        tell(cast, send_at=now() - timedelta(minutes=1))
    with pytest.raises(Refused, match="nadie"):
        tell(cast, "paused")


def test_whoever_no_longer_teaches_here_sends_nothing(cast, stopped_clock, letters):
    made = tell(cast, send_at=now() + timedelta(days=1))
    cast.cohort.trainers = []
    stopped_clock(now() + timedelta(days=1))
    assert of(letters) == []
    db.session.expire_all()
    assert made.sent_at is None and "ya no trabaja" in made.withdrawn_because


# Seen


def test_who_saw_it_is_counted(cast, browser):
    made = tell(cast)
    go_out()
    first = services.deliveries_of(made)[0]
    browser(cast.owner).submit(f"/announcements/read/{first.id}", "Ya lo leí")
    trainer = browser(cast.trainer)
    assert "Visto por 1 de 3" in trainer.get(f"/announcements/{made.id}").text
    assert "Visto por 1 de 3" in trainer.get(f"/cohorts/{cast.cohort.id}/announcements").text
    assert build.as_person(db.session.get_one(User, cast.owner.id)).unread == 0


def test_looking_alone_marks_nothing(cast, browser):
    made = tell(cast)
    go_out()
    browser(cast.owner).get(f"/announcements/read/{services.deliveries_of(made)[0].id}")
    assert db.session.query(Delivery).filter(Delivery.seen_at.is_not(None)).count() == 0


def test_nobody_opens_what_another_person_received(cast, browser):
    made = tell(cast)
    go_out()
    of_owner, of_son, of_rival = services.deliveries_of(made)
    assert browser(cast.son).get(f"/announcements/read/{of_owner.id}").status == 404
    assert browser(cast.rival).get(f"/announcements/read/{of_owner.id}").status == 404
    assert browser(cast.son).get(f"/announcements/read/{of_son.id}").status == 200


def test_what_is_withdrawn_is_gone_for_members_and_stays_in_the_trail(cast, browser):
    made = tell(cast)
    go_out()
    first = services.deliveries_of(made)[0]
    services.withdraw(made, "Era para otro grupo", by=cast.trainer)
    member = browser(cast.owner)
    assert TITLE not in member.get("/announcements").text
    assert member.get(f"/announcements/read/{first.id}").status == 404
    assert TITLE not in member.get("/notices").text
    assert build.as_person(db.session.get_one(User, cast.owner.id)).unread == 0
    trail = db.session.query(AuditEntry).filter(AuditEntry.event.like("Announcement%")).all()
    assert {entry.event for entry in trail} >= {
        "AnnouncementWritten",
        "AnnouncementSent",
        "AnnouncementWithdrawn",
    }
    assert all(TITLE not in str(entry.details) for entry in trail)


def test_letters_that_wait_are_not_sent_once_it_is_withdrawn(cast, app):
    made = tell(cast)
    services.send_announcement(made.id)
    services.withdraw(made, "Era para otro grupo", by=cast.trainer)
    go_out()
    assert app.extensions["mailer"].sent == []
    assert db.session.query(Letter).filter(Letter.text != "").count() == 0


def test_withdrawing_twice_is_refused(cast):
    made = tell(cast)
    services.withdraw(made, "Uno", by=cast.trainer)
    with pytest.raises(Refused, match="ya lo retiró"):
        services.withdraw(made, "Dos", by=cast.trainer)


# The summary of the week


def test_the_summary_of_the_week_comes_from_the_course(cast, browser, page):
    cast.cohort.starts_on = date(2026, 10, 19)  # a Monday ahead: the next week is the first
    draft = browser(cast.trainer).get(f"{page}?week=next")
    assert "Lo que viene en la semana 1" in draft.html
    words = draft.root.find("textarea").text
    assert "La semana 1, “Semana de prueba 1”, empieza el lunes 19 de octubre." in words
    assert "- Lección 1.1 (8 min)" in words and "Tarea: “Tarea 1”. Es para el domingo 25 de octubre." in words


def test_after_the_last_week_there_is_no_summary(cast, browser, page):
    cast.cohort.starts_on = date(2026, 1, 12)
    draft = browser(cast.trainer).get(f"{page}?week=next")
    assert draft.status == 200 and not draft.root.find("textarea").text


def test_the_list_asks_as_much_for_many_as_for_one(cast, browser, count_queries):
    tell(cast)
    go_out()
    trainer = browser(cast.trainer)
    address = f"/cohorts/{cast.cohort.id}/announcements"
    trainer.get(address)
    with count_queries() as few:
        trainer.get(address)
    for _number in range(6):
        tell(cast)
    go_out()
    with count_queries() as many:
        trainer.get(address)
    assert len(many) == len(few)

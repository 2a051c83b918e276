"""A firm after its course: asked by letter, answered with the link or signed in, counted either way."""

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from lms.cohorts.models import EnrolmentState
from lms.followups import services
from lms.followups.models import FollowUp, FollowUpLink
from lms.followups.rules import Selling
from lms.foundation.db import db
from lms.foundation.errors import Refused
from lms.foundation.jobs import run_due
from lms.graduation import services as graduation
from lms.graduation.models import Verdict
from lms.graduation.signing import Keys
from lms.sales.models import Channel, Figure, Tier
from tests.build import add

REASON = "Terminó todo en diciembre, fuera de fecha."
# The course of build.cast() ends on 3 January 2027, so January is its last month.
OPEN = datetime(2027, 5, 2, 18, 0, tzinfo=UTC)
MONTHS = [date(2027, 2, 1), date(2027, 3, 1), date(2027, 4, 1)]


@pytest.fixture
def graduate(cast, tmp_path):
    """Telas Lupita graduated, and nothing of what followed at once is left to do."""
    graduation.decide(cast.enrolment, Verdict.GRADUATED, REASON, by=cast.lead, keys=Keys(tmp_path))
    db.session.commit()
    run_due()
    return cast


@pytest.fixture
def asked(graduate, stopped_clock, letters):
    """It is May, and the first letters are out."""
    stopped_clock(OPEN)
    letters()
    return graduate


def figure(cast, month, channel=Channel.MERCADO_LIBRE, gross="100"):
    by = {"enrolment_id": cast.enrolment.id, "firm_id": cast.firm.id, "user_id": cast.owner.id}
    tier = Tier.E_RECALL
    return add(Figure(**by, channel=channel, month=month, gross=Decimal(gross), tier=tier, declared_at=OPEN))


def follow_up(cast, after=3) -> FollowUp:
    return db.session.query(FollowUp).filter_by(enrolment_id=cast.enrolment.id, months_after=after).one()


def path_in(letter) -> str:
    return re.search(r"/follow-up/[\w-]+", letter.text)[0]


def asking(letters):
    """The letters that ask, oldest first."""
    return [one for one in letters() if "/follow-up/" in one.text]


def test_graduating_plans_three_and_another_decision_takes_them_back(graduate, tmp_path):
    assert [
        (one.months_after, one.first, one.last) for one in services.follow_ups_of(graduate.enrolment.id)
    ] == [
        (3, date(2027, 2, 1), date(2027, 4, 1)),
        (6, date(2027, 5, 1), date(2027, 7, 1)),
        (12, date(2027, 8, 1), date(2028, 1, 1)),
    ]
    keys = Keys(tmp_path)
    graduation.decide(graduate.enrolment, Verdict.NOT_GRADUATED, REASON, by=graduate.lead, keys=keys)
    assert services.follow_ups_of(graduate.enrolment.id) == []
    graduation.decide(graduate.enrolment, Verdict.GRADUATED, REASON, by=graduate.lead, keys=keys)
    assert len(services.follow_ups_of(graduate.enrolment.id)) == 3
    assert db.session.query(FollowUp).count() == 3


def test_who_did_not_graduate_is_not_asked(cast, tmp_path):
    graduation.decide(cast.enrolment, Verdict.NOT_GRADUATED, by=cast.lead, keys=Keys(tmp_path))
    assert db.session.query(FollowUp).count() == 0


def test_letters_go_to_everybody_of_the_firm_three_times(graduate, stopped_clock, letters):
    sent = {}
    for day in (0, 1, 6, 7, 8, 20, 21, 22, 50, 70):
        stopped_clock(OPEN + timedelta(days=day))
        found = asking(letters)[sum(map(len, sent.values())) :]
        if found:
            sent[day] = sorted(one.to for one in found)
    both = sorted([graduate.son.email, graduate.owner.email])
    assert sent == {0: both, 7: both, 21: both}


def test_who_answered_gets_no_other_letter(asked, stopped_clock, letters):
    before = len(asking(letters))
    found = services.asked_of(follow_up(asked))
    unknown = {(channel, month): None for month in found.months for channel in found.channels}
    services.answer(follow_up(asked), unknown, Selling.NO, by=asked.son)
    stopped_clock(OPEN + timedelta(days=10))
    assert len(asking(letters)) == before == 2


def test_the_letter_names_nobody_on_a_locked_screen(asked, letters):
    assert {one.subject for one in asking(letters)} == {"Un minuto: ¿cómo te va?"}


def test_answered_with_the_link_and_without_signing_in(asked, letters, browser):
    figure(asked, date(2026, 12, 1))
    figure(asked, date(2026, 12, 1), Channel.COUNTER, "50")
    db.session.commit()
    path = path_in(asking(letters)[-1])
    visitor = browser()
    page = visitor.get(path)
    assert page.status == 200 and "no-store" in page.headers["Cache-Control"]
    found = services.asked_of(follow_up(asked))
    assert found.channels == [Channel.MERCADO_LIBRE, Channel.COUNTER] and found.months == MONTHS
    answer = visitor.submit(
        path,
        selling="yes",
        amount_202702_mercado_libre="1,200",
        amount_202702_counter="300",
        unknown_202703="y",
        amount_202704_mercado_libre="0",
    )
    assert answer.status == 200 and "Gracias" in answer.text
    kept = {
        (row.month, row.channel): row.gross
        for row in db.session.query(Figure).filter(Figure.month >= MONTHS[0])
    }
    assert kept == {
        (MONTHS[0], Channel.MERCADO_LIBRE): Decimal(1200),
        (MONTHS[0], Channel.COUNTER): Decimal(300),
        (MONTHS[1], Channel.MERCADO_LIBRE): None,
        (MONTHS[1], Channel.COUNTER): None,
        (MONTHS[2], Channel.MERCADO_LIBRE): Decimal(0),
    }
    done = follow_up(asked)
    assert done.selling is Selling.YES and done.answered_at is not None
    again = visitor.get(path)
    assert "Gracias" in again.text and "1,200" not in again.text, "the link shows nothing that was written"


def test_a_month_is_written_or_marked_as_unknown_not_both_nor_neither(asked, browser):
    path = f"/follow-ups/{follow_up(asked).id}"
    page = browser(asked.owner).submit(
        path, selling="yes", unknown_202702="y", amount_202702_social="10", unknown_202703="y"
    )
    assert page.status == 422
    assert "febrero de 2027: escribe los montos o marca" in page.text
    assert "Escribe cuánto vendiste en abril de 2027" in page.text
    assert page.form_with({"amount_202702_social"}, None).find(
        "input", name="amount_202702_social", value="10"
    )
    assert db.session.query(Figure).count() == 0 and follow_up(asked).answered_at is None


def test_no_letter_for_a_firm_whose_books_have_every_month(graduate, stopped_clock, letters):
    for month in MONTHS:
        figure(graduate, month)
    db.session.commit()
    stopped_clock(OPEN)
    assert asking(letters) == []
    done = follow_up(graduate)
    assert done.answered_at is not None and done.answered_by_id is None


def test_the_link_opens_no_other_door_and_ends_with_the_membership(asked, letters, browser):
    letter = next(one for one in asking(letters) if one.to == asked.son.email)
    visitor = browser()
    assert visitor.get(path_in(letter)).status == 200
    assert visitor.get("/home").status == 302
    assert visitor.get("/follow-up/no-such-thing").status == 404
    for membership in asked.firm.memberships:
        if membership.user_id == asked.son.id:
            membership.ended_at = OPEN
    db.session.commit()
    assert browser().get(path_in(letter)).status == 404


def test_before_and_after_its_days_it_says_when_it_is_open(asked, stopped_clock, browser):
    late = browser(asked.owner)
    path = f"/follow-ups/{follow_up(asked, 6).id}"
    assert "no está abierto ahora" in late.get(path).text
    with pytest.raises(Refused):
        services.answer(follow_up(asked, 6), {}, Selling.NO, by=asked.owner)


def test_home_asks_first(asked, browser):
    assert asked.enrolment.state is EnrolmentState.GRADUATED
    page = browser(asked.owner).get("/home")
    assert f"/follow-ups/{follow_up(asked).id}" in page.html


def test_staff_see_who_fell_silent_and_make_a_link(asked, stopped_clock, browser):
    lead = browser(asked.lead)
    page = lead.get(f"/cohorts/{asked.cohort.id}/follow-ups")
    assert page.status == 200 and "Telas Lupita" in page.text and "0 de 1" in page.text
    path = f"/follow-ups/{follow_up(asked).id}/people/{asked.son.id}/link"
    made = lead.submit(path)
    link = re.search(r"/follow-up/[\w-]+", made.root.find("input", id="link").attributes["value"])[0]
    chat = next(
        one.attributes["href"] for one in made.root.find_all("a") if "wa.me" in one.attributes["href"]
    )
    assert "Lupita" not in chat and "Beto" not in chat
    assert browser().get(link).status == 200
    assert lead.get(path.replace(str(asked.son.id), str(asked.rival.id))).status == 404
    assert db.session.query(FollowUpLink).filter_by(made_by_id=asked.lead.id).count() == 1
    stopped_clock(OPEN + timedelta(days=80))
    assert "Sin respuesta" in browser(asked.lead).get(f"/cohorts/{asked.cohort.id}/follow-ups").text
    assert [(one.due, one.answered) for one in services.counts([asked.cohort])] == [(1, 0), (0, 0), (0, 0)]


def test_a_cohort_without_graduates_says_so(cast, browser):
    page = browser(cast.trainer).get(f"/cohorts/{cast.cohort.id}/follow-ups")
    assert "Todavía no hay a quién preguntar" in page.text

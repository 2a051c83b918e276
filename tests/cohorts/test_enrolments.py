"""Mentors, pauses, leaving and coming back, and links for members."""

from datetime import timedelta

import pytest

from lms.accounts.models import Membership, MembershipKind, SignInSecret, User
from lms.cohorts import services
from lms.cohorts.models import EnrolmentState
from lms.cohorts.services.mentors import spread
from lms.foundation.db import db
from lms.foundation.errors import Refused
from tests import build
from tests.conftest import NOW


def state_page(cast):
    return f"/enrolments/{cast.enrolment.id}/state"


def test_a_pause_moves_every_date_and_ends_with_one_tap(browser, cast, stopped_clock):
    lead = browser(cast.lead)
    lead.submit(state_page(cast), button="Pausar", reason="Pedido grande")
    assert cast.enrolment.state is EnrolmentState.PAUSED and cast.enrolment.reason == "Pedido grande"
    stopped_clock(NOW + timedelta(days=10))
    assert services.paused_days_today(cast.enrolment) == 10
    browser(cast.lead).submit(state_page(cast), button="Seguir")
    assert cast.enrolment.state is EnrolmentState.ACTIVE
    assert (cast.enrolment.paused_days, cast.enrolment.paused_on) == (10, None)


def test_leaving_needs_a_reason_and_can_be_undone(browser, cast):
    lead = browser(cast.lead)
    assert lead.submit(state_page(cast), button="Anotar", reason="  ").status == 422
    lead.submit(state_page(cast), button="Anotar", reason="Cerró el taller")
    assert cast.enrolment.state is EnrolmentState.WITHDRAWN and cast.enrolment.ended_at
    assert services.current_enrolment(cast.firm.id) is None
    lead.submit(state_page(cast), button="Seguir")
    assert cast.enrolment.state is EnrolmentState.ACTIVE and cast.enrolment.ended_at is None


def test_an_act_that_no_longer_fits_is_refused(browser, cast):
    lead = browser(cast.lead)
    page = lead.get(state_page(cast))
    services.pause(cast.enrolment, reason="Viaje", by=cast.lead)
    assert lead.send(page, state_page(cast), button="Pausar", reason="Otra vez").status == 422


def test_only_the_lead_of_the_programme_changes_states_and_mentors(browser, cast):
    for person in (cast.owner, cast.trainer, cast.mentor, cast.other_lead, cast.admin):
        assert browser(person).get(state_page(cast)).status == 404
        assert browser(person).get(f"/enrolments/{cast.enrolment.id}/mentor").status == 404


def test_a_lead_assigns_a_mentor_and_sees_how_many_firms_each_has(browser, cast):
    path = f"/enrolments/{cast.enrolment.id}/mentor"
    page = browser(cast.lead).get(path)
    assert "Empresas ahora: 1" in page.text and "Tomás" not in page.text
    browser(cast.lead).submit(path, mentor_id=str(cast.trainer.id))
    assert cast.enrolment.mentor_id == cast.trainer.id
    browser(cast.lead).submit(path, mentor_id="0")
    assert cast.enrolment.mentor_id is None
    assert browser(cast.lead).submit(path, mentor_id=str(cast.other_trainer.id)).status == 422


def test_firms_go_to_whoever_has_fewest():
    assert spread({1: 3, 2: 0, 3: 1}, 5) == [2, 2, 3, 2, 3]
    assert spread({1: 0}, 3) == [1, 1, 1]


def test_firms_without_a_mentor_are_shared_after_confirming(browser, cast):
    made = [build.enrol(build.firm(f"Taller {n}", build.user(f"P {n}")), cast.cohort) for n in range(4)]
    second = build.user("Tita Sol", cast.trainer.role)
    cast.cohort.trainers.append(second)
    page = browser(cast.lead).get(f"/cohorts/{cast.cohort.id}/share")
    assert "Taller 3" in page.text and all(one.mentor_id is None for one in made)
    browser(cast.lead).submit(f"/cohorts/{cast.cohort.id}/share")
    assert sorted(one.mentor_id for one in made) == sorted([cast.trainer.id, second.id] * 2)
    with pytest.raises(Refused):
        services.share_evenly(cast.cohort, by=cast.lead)


def test_a_trainer_makes_a_link_that_names_nobody_on_whatsapp(browser, cast):
    path = f"/enrolments/{cast.enrolment.id}/people/{cast.owner.id}/link"
    trainer = browser(cast.trainer)
    assert trainer.get(path).status == 200 and not db.session.query(SignInSecret).count()
    page = trainer.submit(path)
    chat = next(link for link in page.links if link.startswith("https://wa.me/?text="))
    for personal in ("Lupita", "Telas", cast.owner.email, "R%C3%ADos"):
        assert personal not in chat
    link = page.root.find("input", id="link").attributes["value"]
    assert page.headers["Cache-Control"] == "no-store"
    phone = browser()
    phone.submit(link[link.index("/sign-in") :], follow=False)
    assert phone.get("/firm/people").status == 200


def test_links_are_made_by_who_reaches_the_firm_for_people_of_the_firm(browser, cast):
    path = f"/enrolments/{cast.enrolment.id}/people/{cast.owner.id}/link"
    for person in (cast.owner, cast.mentor, cast.other_trainer, cast.other_lead, cast.admin):
        assert browser(person).get(path).status == 404
    for stranger in (cast.rival, cast.admin):
        gone = f"/enrolments/{cast.enrolment.id}/people/{stranger.id}/link"
        assert browser(cast.trainer).get(gone).status == 404


def test_a_link_never_opens_a_firm_its_maker_does_not_reach(cast):
    build.add(
        Membership(
            firm_id=cast.outsider_firm.id,
            user_id=cast.owner.id,
            kind=MembershipKind.STAFF,
            joined_at=build.LONG_AGO,
        )
    )
    with pytest.raises(Refused):
        services.make_member_link(cast.enrolment, db.session.get(User, cast.owner.id), by=cast.trainer)


def test_the_newest_enrolment_that_was_lived_is_the_current_one(cast):
    again = build.cohort(cast.programme, cast.version, "Después", starts_on=build.START + timedelta(days=140))
    invited = build.enrol(cast.firm, again, state=EnrolmentState.INVITED)
    assert services.current_enrolment(cast.firm.id) is cast.enrolment
    services.finish(cast.enrolment, graduated=True, by=cast.lead)
    assert services.current_enrolment(cast.firm.id) is cast.enrolment
    invited.state = EnrolmentState.ACTIVE
    db.session.flush()
    assert services.current_enrolment(cast.firm.id) is invited
    assert services.current_enrolment(None) is None

"""Mentors within what they take, their history, and graduates who mentor others."""

import pytest

from lms.accounts.models import User
from lms.cohorts import services
from lms.cohorts.models import EnrolmentState, MentorPeriod
from lms.cohorts.services.mentors import spread
from lms.foundation.db import db
from lms.foundation.errors import Refused
from lms.permissions import Role
from tests import build


def user(person):
    return db.session.get_one(User, person.id)


def capacity(cast, person, firms):
    services.set_capacities(cast.cohort, {person.id: firms}, by=cast.lead)


def test_nobody_is_given_more_firms_than_they_take(cast, browser):
    capacity(cast, cast.mentor, 1)
    path = f"/enrolments/{cast.rival_enrolment.id}/mentor"
    page = browser(cast.lead).get(path)
    assert "1 de 1" in page.text
    page = browser(cast.lead).submit(path, mentor_id=str(cast.mentor.id))
    assert page.status == 422 and "ya las tiene" in page.errors[0]
    assert cast.rival_enrolment.mentor_id == cast.trainer.id


def test_a_lead_says_how_many_each_takes(cast, browser):
    path = f"/cohorts/{cast.cohort.id}/mentors"
    name = f"firms-{cast.mentor.id}"
    browser(cast.lead).submit(path, **{name: "8"})
    people = [user(cast.mentor), user(cast.trainer)]
    assert services.capacities(people) == {cast.mentor.id: 8, cast.trainer.id: 15}
    assert browser(cast.lead).submit(path, **{name: "-1"}).status == 422
    for who in (cast.trainer, cast.other_lead, cast.admin):
        assert browser(who).get(path).status == 404


def test_sharing_stops_where_there_is_no_room(cast):
    assert spread({1: 3, 2: 0}, 5, {1: 4, 2: 2}) == [2, 2, 1]
    capacity(cast, cast.trainer, 2)
    for number in range(3):
        build.enrol(build.firm(f"Taller {number}", build.user(f"Dueña {number}")), cast.cohort)
    assert services.share_evenly(cast.cohort, by=cast.lead) == 1
    with pytest.raises(Refused):
        services.share_evenly(cast.cohort, by=cast.lead)


def test_who_mentored_a_firm_stays_on_record(cast, browser):
    path = f"/enrolments/{cast.enrolment.id}/mentor"
    browser(cast.lead).submit(path, mentor_id=str(cast.other_mentor.id))
    browser(cast.lead).submit(path, mentor_id="0")
    page = browser(cast.lead).submit(path, follow=False, mentor_id=str(cast.mentor.id))
    history = services.mentor_history(cast.enrolment)
    assert [(one.mentor_id, one.until is None) for one in history] == [
        (cast.mentor.id, True),
        (cast.other_mentor.id, False),
        (cast.mentor.id, False),
    ]
    assert history[-1].since == cast.enrolment.started_at
    page = browser(cast.lead).get(path)
    assert "hasta hoy" in page.root.find("section", aria_labelledby="history").text
    db.session.query(MentorPeriod).count()


def graduate(cast):
    """Lupita's firm graduated in an earlier cohort; Omar's firm is at work in another."""
    past = build.cohort(cast.programme, cast.version, "Primavera", user(cast.trainer))
    alumna = build.user("Alma Nava")
    firm = build.firm("Alma", alumna)
    enrolment = build.enrol(firm, past, state=EnrolmentState.GRADUATED)
    db.session.commit()
    return past, alumna, enrolment


def test_a_graduate_becomes_a_mentor_with_only_their_firms_in_sight(cast, browser):
    past, alumna, own = graduate(cast)
    page = browser(cast.lead).submit(f"/cohorts/{past.id}/graduates", button="Hacer mentor")
    assert alumna.role is Role.MENTOR and "Ya es mentor" in page.text
    services.assign_mentor(cast.enrolment, alumna.id, by=cast.lead)
    mentor = browser(build.as_person(alumna))
    assert mentor.get(f"/enrolments/{cast.enrolment.id}").status == 200
    assert "Mi empresa" in mentor.get("/home").html and mentor.get("/progress").status == 200
    for enrolment in (cast.rival_enrolment, cast.outsider_enrolment, own):
        assert mentor.get(f"/enrolments/{enrolment.id}").status == 404
    visible = db.session.scalars(services.enrolments_visible_to(build.as_person(alumna))).all()
    assert visible == [cast.enrolment]


def test_only_graduates_of_firms_that_are_done_become_mentors(cast, browser):
    past, alumna, _own = graduate(cast)
    with pytest.raises(Refused):
        services.make_mentor(past, cast.owner.id, by=cast.lead)
    build.enrol(alumna.memberships[0].firm, cast.cohort)
    with pytest.raises(Refused):
        services.make_mentor(past, alumna.id, by=cast.lead)
    for who in (cast.trainer, cast.other_lead, cast.mentor, cast.owner):
        assert browser(who).post(f"/cohorts/{past.id}/graduates/{alumna.id}/mentor").status in (400, 404)
    assert alumna.role is Role.MEMBER


def test_nobody_mentors_in_a_cohort_in_which_their_own_firm_is(cast):
    user(cast.rival).role = Role.MENTOR
    with pytest.raises(Refused, match="esta misma generación"):
        services.assign_mentor(cast.enrolment, cast.rival.id, by=cast.lead)

"""Programmes, their notices, and opening, changing and moving cohorts."""

from datetime import date

import pytest

from lms.accounts.models import User
from lms.cohorts import services
from lms.cohorts.models import Cohort, Programme
from lms.cohorts.rules import GraduationRules
from lms.foundation.db import db
from lms.foundation.errors import Refused
from tests import build


def open_cohort(browser, cast, **fields):
    said = {
        "name": "Primavera",
        "course_version_id": str(cast.version.id),
        "starts_on": "2027-01-11",
        "time_zone": "America/Mexico_City",
        "trainers": [str(cast.trainer.id)],
        "milestones": ["M0", "M1"],
        "accepted_percent": "70",
        "attendance_percent": "60",
        "own_figures": "2",
    } | fields
    return browser(cast.lead).submit(f"/programmes/{cast.programme.id}/cohorts/new", **said)


def test_a_trainer_reaches_their_cohorts_and_a_lead_their_programmes(cast, count_queries):
    cohort_id = cast.cohort.id
    with count_queries() as queries:
        assert services.reach_of(cast.trainer) == ({cohort_id}, frozenset())
    assert len(queries) == 1
    assert services.reach_of(cast.lead) == (frozenset(), {cast.programme.id})
    for person in (cast.owner, cast.mentor, cast.admin):
        assert services.reach_of(person) == (frozenset(), frozenset())


def test_who_sees_which_enrolments(cast):
    def firms(person):
        return {enrolment.firm_id for enrolment in db.session.scalars(services.enrolments_visible_to(person))}

    assert firms(cast.owner) == firms(cast.mentor) == {cast.firm.id}
    assert firms(cast.trainer) == firms(cast.lead) == {cast.firm.id, cast.rival_firm.id}
    assert firms(cast.other_lead) == {cast.outsider_firm.id}
    assert firms(cast.admin) == firms(cast.other_mentor) == set()


def test_an_administrator_makes_a_programme_with_its_lead(browser, cast):
    page = browser(cast.admin).submit(
        "/programmes/new", name="Polo Yucatán", convener="Secretaría", notice="Cuidamos tus datos.",
        leads=[str(cast.lead.id)],
    )  # fmt: skip
    assert "Polo Yucatán" in page.text
    made = db.session.query(Programme).filter_by(name="Polo Yucatán").one()
    assert services.current_notice(made.id).version == 1
    assert made.id in services.reach_of(cast.lead)[1]


def test_a_changed_notice_is_a_new_version_and_an_unchanged_one_is_not(browser, cast):
    path = f"/programmes/{cast.programme.id}/edit"
    browser(cast.admin).submit(path, contact="ayuda@example.org")
    assert services.current_notice(cast.programme.id).version == 1
    browser(cast.admin).submit(path, notice="Otro aviso.\n\nCon dos párrafos.")
    db.session.expire_all()
    assert [notice.version for notice in cast.programme.notices] == [2, 1]
    assert cast.programme.notices[1].text == "Aviso de prueba"


def test_what_was_not_touched_in_a_form_stays(browser, cast):
    browser(cast.admin).submit(f"/programmes/{cast.programme.id}/edit", contact="ayuda@example.org")
    browser(cast.lead).submit(f"/cohorts/{cast.cohort.id}/edit", name="Otro nombre")
    db.session.expire_all()
    assert [lead.id for lead in cast.programme.leads] == [cast.lead.id]
    assert [trainer.id for trainer in cast.cohort.trainers] == [cast.trainer.id]
    assert cast.programme.commitments == "Una hora diaria" and cast.programme.contact == "ayuda@example.org"


def test_a_suspended_lead_does_not_stand_in_the_way(browser, cast):
    db.session.get(User, cast.lead.id).suspended_at = build.LONG_AGO
    page = browser(cast.admin).submit(f"/programmes/{cast.programme.id}/edit", contact="ayuda@example.org")
    assert page.status == 200 and cast.programme.contact == "ayuda@example.org"


def test_two_programmes_have_two_names(browser, cast):
    page = browser(cast.admin).submit(f"/programmes/{cast.programme.id}/edit", name="Polo León")
    assert page.status == 422 and "Polo León" in page.errors[0]


def test_who_sees_the_programmes(browser, cast):
    assert "Polo León" in browser(cast.admin).get("/programmes").text
    mine = browser(cast.lead).get("/programmes").text
    assert "Polo Puebla" in mine and "Polo León" not in mine
    for person in (cast.owner, cast.trainer, cast.mentor):
        assert browser(person).get("/programmes").status == 404
    for person in (cast.lead, cast.owner, cast.trainer):
        assert browser(person).get("/programmes/new").status == 404
        assert browser(person).get(f"/programmes/{cast.programme.id}/edit").status == 404


def test_a_lead_opens_a_cohort(browser, cast):
    page = open_cohort(browser, cast)
    cohort = db.session.query(Cohort).filter_by(name="Primavera").one()
    assert page.heading == "Primavera" and cohort.starts_on == date(2027, 1, 11)
    rules = GraduationRules.from_json(cohort.rules)
    assert rules == GraduationRules(
        milestones=("M0", "M1"), accepted_percent=70, attendance_percent=60, own_figures=2, final_quiz=True
    )
    assert [trainer.id for trainer in cohort.trainers] == [cast.trainer.id]


@pytest.mark.parametrize(
    "wrong",
    [{"starts_on": "2027-01-12"}, {"starts_on": "mañana"}, {"name": "Otoño"}, {"accepted_percent": "120"},
     {"time_zone": "Europe/Madrid"}, {"name": ""}],
)  # fmt: skip
def test_a_cohort_that_cannot_be_is_not_opened(browser, cast, wrong):
    before = db.session.query(Cohort).count()
    page = open_cohort(browser, cast, **wrong)
    assert page.status == 422 and page.errors
    assert db.session.query(Cohort).count() == before


def test_nobody_opens_cohorts_in_the_programme_of_others(browser, cast):
    for person in (cast.other_lead, cast.trainer, cast.owner, cast.admin):
        assert browser(person).get(f"/programmes/{cast.programme.id}/cohorts/new").status == 404


def test_the_rules_of_a_cohort_that_started_stay(browser, cast):
    path = f"/cohorts/{cast.cohort.id}/edit"
    page = browser(cast.lead).get(path)
    assert not [f for f in page.forms if f.find("input", name="accepted_percent")]
    assert "80%" in page.text
    browser(cast.lead).submit(
        path, name="Otoño 2026", trainers=[str(cast.trainer.id), str(cast.other_trainer.id)]
    )
    assert cast.cohort.name == "Otoño 2026" and len(cast.cohort.trainers) == 2
    data = services.CohortData(
        name="x", starts_on=date(2027, 1, 11), time_zone="America/Mexico_City", rules=GraduationRules()
    )
    with pytest.raises(Refused):
        services.change_cohort(cast.cohort, data, by=cast.lead)


def test_the_rules_of_a_cohort_to_come_can_change(browser, cast):
    open_cohort(browser, cast)
    cohort = db.session.query(Cohort).filter_by(name="Primavera").one()
    browser(cast.lead).submit(f"/cohorts/{cohort.id}/edit", starts_on="2027-01-18", own_figures="3")
    assert cohort.starts_on == date(2027, 1, 18) and cohort.rules["own_figures"] == 3


def test_a_cohort_moves_to_another_version_after_seeing_the_changes(browser, cast):
    newer = build.course_version(number=2)
    newer.week_rows[1].lessons[0].title = "Lección nueva"
    page = browser(cast.lead).get(f"/cohorts/{cast.cohort.id}/version")
    assert "Lección nueva" in page.text
    browser(cast.lead).submit(f"/cohorts/{cast.cohort.id}/version", course_version_id=str(newer.id))
    assert cast.cohort.course_version_id == newer.id


def test_a_cohort_never_moves_to_another_course(browser, cast):
    path = f"/cohorts/{cast.cohort.id}/version"
    build.course_version(number=2)
    page = browser(cast.lead).submit(path, course_version_id=str(cast.other_version.id))
    assert page.status == 422
    with pytest.raises(Refused):
        services.move_cohort(cast.cohort, cast.other_version, by=cast.lead)


def test_who_sees_a_cohort(browser, cast):
    path = f"/cohorts/{cast.cohort.id}"
    for person in (cast.trainer, cast.lead):
        page = browser(person).get(path)
        assert page.status == 200 and "Telas Lupita" in page.text and "Costuras Rosa" in page.text
    for person in (cast.owner, cast.other_trainer, cast.other_lead, cast.mentor, cast.admin):
        assert browser(person).get(path).status == 404
    assert browser().get(path).status == 302
    assert browser(cast.lead).get("/cohorts/999999").status == 404


def test_a_trainer_sees_no_button_they_may_not_press(browser, cast):
    links = browser(cast.trainer).get(f"/cohorts/{cast.cohort.id}").links
    assert not [link for link in links if link.endswith(("/invite", "/edit", "/state", "/mentor", "/import"))]
    for end in ("invite", "edit", "version", "import", "share"):
        assert browser(cast.trainer).get(f"/cohorts/{cast.cohort.id}/{end}").status == 404


def test_the_page_of_a_big_cohort_asks_few_questions(browser, cast, count_queries):
    for number in range(30):
        build.enrol(build.firm(f"Taller {number}", build.user(f"Persona {number}")), cast.cohort)
    lead = browser(cast.lead)
    with count_queries() as queries:
        page = lead.get(f"/cohorts/{cast.cohort.id}")
    assert "Taller 29" in page.text and len(queries) < 25

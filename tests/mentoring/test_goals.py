"""The goal of a firm: written by one side, agreed by the other, kept when it changes."""

import pytest

from lms.foundation.db import db
from lms.foundation.errors import Refused
from lms.mentoring import services
from lms.mentoring.models import ActionOwner, Goal


def path(cast):
    return f"/enrolments/{cast.enrolment.id}/goal"


def test_the_firm_writes_and_the_mentor_agrees(cast, browser):
    page = browser(cast.owner).submit(
        path(cast), text="Vender 20 piezas al mes", ground_rules="Cada dos semanas"
    )
    assert page.status == 200 and "Falta que tu mentor la acepte" in page.text
    page = browser(cast.mentor).submit(path(cast), button="Acepto")
    goal = db.session.query(Goal).one()
    assert (goal.side, goal.agreed_by_id) == (ActionOwner.FIRM, cast.mentor.id)
    assert "Aceptada por las dos partes" in page.text
    assert "Vender 20 piezas al mes" in browser(cast.owner).get("/agreements").text


def test_a_change_has_to_be_agreed_again_and_what_was_stays_readable(cast, browser):
    first = services.write_goal(cast.enrolment, "Diez piezas", "", by=cast.owner)
    services.agree_to_goal(first, by=cast.mentor)
    browser(cast.mentor).submit(path(cast), text="Veinte piezas", ground_rules="")
    assert [(goal.text, goal.agreed_at is None) for goal in services.goals_of(cast.enrolment)] == [
        ("Veinte piezas", True),
        ("Diez piezas", False),
    ]
    page = browser(cast.owner).get(path(cast))
    assert "Diez piezas" in page.root.find("details").text
    page = browser(cast.owner).submit(path(cast), button="Acepto")
    assert services.goal_of(cast.enrolment).agreed_by_id == cast.owner.id


def test_saving_it_unchanged_changes_nothing(cast):
    first = services.write_goal(cast.enrolment, "Diez piezas", "Puntuales", by=cast.owner)
    services.agree_to_goal(first, by=cast.mentor)
    assert services.write_goal(cast.enrolment, " Diez piezas ", "Puntuales", by=cast.mentor) is first
    assert db.session.query(Goal).count() == 1


def test_nobody_agrees_with_themselves_nor_to_what_was_replaced(cast):
    first = services.write_goal(cast.enrolment, "Diez piezas", "", by=cast.owner)
    with pytest.raises(Refused):
        services.agree_to_goal(first, by=cast.son)
    services.write_goal(cast.enrolment, "Veinte piezas", "", by=cast.owner)
    with pytest.raises(Refused):
        services.agree_to_goal(first, by=cast.mentor)


def test_without_a_goal_the_page_comes_back_with_what_was_typed(cast, browser):
    page = browser(cast.owner).submit(path(cast), text="  ", ground_rules="Nos vemos los lunes")
    assert page.status == 422 and "Nos vemos los lunes" in page.html
    assert db.session.query(Goal).count() == 0


def test_the_other_side_is_told_of_it(cast, letters):
    goal = services.write_goal(cast.enrolment, "Diez piezas", "", by=cast.owner)
    assert [letter.to for letter in letters()] == [cast.mentor.email]
    services.agree_to_goal(goal, by=cast.mentor)
    assert {letter.to for letter in letters()[1:]} == {cast.owner.email, cast.son.email}


def test_a_competitor_and_strangers_do_not_find_it(cast, browser):
    services.write_goal(cast.enrolment, "Diez piezas", "", by=cast.owner)
    for who in (
        cast.rival,
        cast.outsider,
        cast.other_mentor,
        cast.other_trainer,
        cast.other_lead,
        cast.admin,
    ):
        assert browser(who).get(path(cast)).status == 404

"""The guard at every door: deny by default, and what is not yours answers like what does not exist."""

from datetime import timedelta

import pytest
from flask import Flask

from lms.accounts.models import User
from lms.foundation.clock import now
from lms.foundation.db import db
from lms.permissions import Permission
from lms.web.guard import check_every_route, public, requires
from tests.conftest import Browser


def test_an_app_with_a_door_that_nobody_guards_does_not_start():
    app = Flask("open", static_folder=None)
    app.add_url_rule("/open", "open_door", lambda: "come in")
    with pytest.raises(RuntimeError, match="open_door"):
        check_every_route(app)


def test_an_app_whose_doors_all_say_who_may_enter_starts():
    app = Flask("shut", static_folder=None)
    app.add_url_rule("/a", "a", public(lambda: "a"))
    app.add_url_rule("/b", "b", requires(Permission.SIGNED_IN)(lambda: "b"))
    check_every_route(app)


def test_a_stranger_is_led_to_sign_in_and_comes_back(cast, workshop):
    page = Browser(workshop, None).get(f"/person/{cast.owner.id}")
    assert (
        page.status == 302
        and page.location.startswith("/sign-in")
        and f"%2Fperson%2F{cast.owner.id}" in page.location
    )


def test_who_may_gets_the_thing_that_the_address_names(cast, workshop):
    assert Browser(workshop, cast.admin).client.get(f"/person/{cast.owner.id}").text == "Lupita Ríos"


def test_what_one_may_not_see_answers_like_what_does_not_exist(cast, workshop):
    trainer, admin = Browser(workshop, cast.trainer), Browser(workshop, cast.admin)
    forbidden, missing = trainer.get(f"/person/{cast.owner.id}"), trainer.get("/person/999999")
    nowhere = admin.get("/person/999999")
    assert forbidden.status == missing.status == nowhere.status == 404
    assert forbidden.html == missing.html and forbidden.text == nowhere.text


@pytest.mark.parametrize(
    "key", ["0", "-1", "1.5", "abc", "99999999999999999999999", "1%00", "1;drop", "٣", "1/..", "%2e%2e"]
)
def test_a_key_that_is_none_is_not_found_and_breaks_nothing(cast, workshop, key):
    assert Browser(workshop, cast.admin).get(f"/person/{key}").status == 404


def test_a_suspended_person_is_out_with_the_next_request(cast, workshop):

    browser = Browser(workshop, cast.admin)
    assert browser.get(f"/person/{cast.owner.id}").status == 200
    db.session.get(User, cast.admin.id).suspended_at = now()
    assert browser.get(f"/person/{cast.owner.id}").status == 302


@pytest.mark.parametrize("key", ["", "1", "1.", ".0", "1.-1", "-1.0", "x.y", "1.0.0"])
def test_a_session_that_names_nobody_is_nobodys(cast, workshop, key):
    browser = Browser(workshop, None)
    with browser.client.session_transaction() as session:
        session["_user_id"] = key
        session["since"] = "2026-10-14T18:00:00+00:00"
    assert browser.get(f"/person/{cast.owner.id}").status == 302


def test_staff_are_asked_again_after_a_shift_and_members_after_a_month(cast, workshop, stopped_clock):

    staff, member = Browser(workshop, cast.trainer), Browser(workshop, cast.owner)
    assert staff.get("/account").status == member.get("/account").status == 200
    start = now()
    stopped_clock(start + timedelta(hours=12, seconds=1))
    assert staff.get("/account").status == 302 and member.get("/account").status == 200
    stopped_clock(start + timedelta(days=30, seconds=1))
    assert member.get("/account").status == 302

"""Sessions that end one by one: the key that a browser keeps, and what is forgotten of them."""

from datetime import timedelta

import pytest

from lms.accounts import services
from lms.accounts.models import User, UserSession
from lms.accounts.person import person
from lms.accounts.services.sessions import forget_old_sessions
from lms.foundation.db import db
from tests.conftest import NOW


@pytest.fixture
def user(cast):
    return db.session.get(User, cast.owner.id)


def test_a_session_ends_alone(user, cast):
    here, there = services.begin_session(user), services.begin_session(user)
    services.end_session(user.id, here)
    assert person(user.id, key=here) is None
    assert person(user.id, key=there).name == "Lupita Ríos"


def test_a_key_is_worth_something_only_for_its_person(user, cast):
    key = services.begin_session(user)
    assert person(cast.son.id, key=key) is None
    services.end_session(cast.son.id, key)
    assert person(user.id, key=key) is not None
    assert person(user.id, key="made up") is None


def test_the_key_is_kept_as_a_hash(user):
    key = services.begin_session(user)
    assert key not in db.session.query(UserSession).one().key_hash


def test_all_sessions_end_together(user):
    keys = [services.begin_session(user) for _number in range(2)]
    services.sign_out_everywhere(user.id)
    db.session.expire_all()
    assert [person(user.id, key=key) for key in keys] == [None, None] and user.epoch == 1


def test_a_session_of_before_there_were_keys_ends_with_all(user):
    services.end_session(user.id, None)
    db.session.expire_all()
    assert user.epoch == 1


def test_entering_begins_a_session_and_leaving_ends_it(browser, user, cast):
    phone = browser()
    phone.submit(f"/sign-in/link/{services.make_link(user, by=cast.trainer)}", follow=False)
    assert db.session.query(UserSession).one().ended_at is None
    copy = browser()
    copy.client.set_cookie("session", phone.client.get_cookie("session").value)
    assert copy.get("/home").status == 200
    phone.submit("/sign-out")
    assert db.session.query(UserSession).one().ended_at is not None
    assert copy.get("/home").status == 302
    assert db.session.get(User, user.id).epoch == 0, "other devices stay signed in"


def test_what_no_browser_can_still_use_is_forgotten(user, stopped_clock):
    services.begin_session(user)
    stopped_clock(NOW + timedelta(days=20))
    services.begin_session(user)
    stopped_clock(NOW + timedelta(days=32))
    forget_old_sessions()
    assert db.session.query(UserSession).count() == 1

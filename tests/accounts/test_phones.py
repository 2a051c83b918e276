"""Known phones: who uses them, PINs, guessing, and what ends them."""

import threading
from datetime import timedelta

import pytest

from lms.accounts import pins, services
from lms.accounts.models import KnownPhone, PhoneUser, User, UserSession
from lms.accounts.services import phones
from lms.foundation.clock import now
from lms.foundation.db import db, transaction
from lms.foundation.errors import Refused
from lms.ops.models import AuditEntry
from lms.permissions import Role
from tests.conftest import NOW

PIN, OTHER_PIN, WRONG = "493817", "260475", "555123"
TOKEN = "a token that only the phone holds"


def shares(person, token=TOKEN, pin=PIN, name="Celular del taller"):
    place = services.use_phone(token, firm_id=person.firm_id, name=name, by=person)
    services.set_pin(place, pin, token=token, by=person)
    db.session.commit()
    return place


def place_of(person):
    db.session.expire_all()
    return db.session.query(PhoneUser).filter_by(user_id=person.id).one()


def names(token=TOKEN):
    return [user.name for user in services.people_with_pin(token)]


def happened(name):
    return db.session.query(AuditEntry).filter_by(event=name).count()


def test_two_members_use_one_phone_with_a_pin_each(cast):
    shares(cast.owner)
    shares(cast.son, pin=OTHER_PIN)
    assert names() == ["Lupita Ríos", "Beto Ríos"]
    assert db.session.query(KnownPhone).count() == 1
    entered = services.enter_with_pin(TOKEN, cast.son.id, OTHER_PIN)
    assert (entered.user.name, entered.firm_id) == ("Beto Ríos", cast.firm.id)
    assert services.enter_with_pin(TOKEN, cast.owner.id, OTHER_PIN) is None
    assert happened("PhoneAdded") == 1 and happened("PinSet") == 2 and happened("SignedIn") == 1


def test_neither_pin_nor_token_is_kept(cast):
    place = shares(cast.owner)
    kept = f"{place.pin_hash} {place.pin_salt} {place.phone.token_hash}"
    assert PIN not in kept and TOKEN not in kept
    assert shares(cast.son).pin_hash != place_of(cast.owner).pin_hash, "the same PIN looks like another one"


def test_a_pin_is_worth_nothing_on_another_phone(cast):
    shares(cast.owner)
    shares(cast.son, token="another phone")
    assert services.enter_with_pin("another phone", cast.owner.id, PIN) is None
    assert services.enter_with_pin("no phone at all", cast.owner.id, PIN) is None
    assert services.enter_with_pin(TOKEN, 987654321, PIN) is None


@pytest.mark.parametrize("who", ["trainer", "mentor", "lead", "admin", "ex_member", "rival"])
def test_staff_and_strangers_of_the_firm_get_no_pin(cast, who):
    person = getattr(cast, who)
    with pytest.raises(Refused):
        services.use_phone(TOKEN, firm_id=cast.firm.id, name="", by=person)


def test_a_phone_belongs_to_one_firm(cast):
    shares(cast.owner)
    with pytest.raises(Refused, match="otra|Otra"):
        services.use_phone(TOKEN, firm_id=cast.rival_firm.id, name="", by=cast.rival)


def test_a_weak_pin_is_refused_and_the_old_one_stays(cast):
    db.session.get(User, cast.owner.id).phone = "222 678 3947"
    place = shares(cast.owner)
    for weak in ("123456", "783947"):
        with pytest.raises(Refused):
            services.set_pin(place, weak, token=TOKEN, by=cast.owner)
    assert services.enter_with_pin(TOKEN, cast.owner.id, PIN)


def test_nobody_sets_somebody_elses_pin(cast):
    place = shares(cast.owner)
    with pytest.raises(Refused):
        services.set_pin(place, OTHER_PIN, token=TOKEN, by=cast.son)


def test_five_wrong_pins_rest_for_a_quarter_of_an_hour(cast, stopped_clock):
    shares(cast.owner)
    for _try in range(5):
        assert services.enter_with_pin(TOKEN, cast.owner.id, WRONG) is None
    assert services.enter_with_pin(TOKEN, cast.owner.id, PIN) is None, "not even the right one"
    assert services.resting_until(TOKEN, cast.owner.id) == now() + timedelta(minutes=15)
    assert place_of(cast.owner).failures == 5, "what is not looked at does not count"
    stopped_clock(NOW + timedelta(minutes=15))
    assert services.resting_until(TOKEN, cast.owner.id) is None
    assert services.enter_with_pin(TOKEN, cast.owner.id, PIN)
    assert place_of(cast.owner).failures == 0 and happened("PinLocked") == 1


def test_ten_wrong_pins_take_the_pin_away_and_write_to_its_owner(cast, stopped_clock, letters):
    shares(cast.owner)
    shares(cast.son, pin=OTHER_PIN)
    for number in range(10):
        stopped_clock(NOW + timedelta(hours=number))
        services.enter_with_pin(TOKEN, cast.owner.id, WRONG)
    assert place_of(cast.owner).pin_hash == "" and names() == ["Beto Ríos"]
    assert services.enter_with_pin(TOKEN, cast.owner.id, PIN) is None
    assert services.enter_with_pin(TOKEN, cast.son.id, OTHER_PIN), "the others' PINs stay"
    told = [one.text for one in letters() if one.to == cast.owner.email]
    assert ["Desde ahora" in told[0], "falló 10 veces" in told[1], len(told)] == [True, True, 2]
    assert not any(PIN in text for text in told)


def test_the_wrong_pins_of_one_person_do_not_count_against_another(cast):
    shares(cast.owner)
    shares(cast.son, pin=OTHER_PIN)
    for _try in range(6):
        services.enter_with_pin(TOKEN, cast.owner.id, WRONG)
    assert services.enter_with_pin(TOKEN, cast.son.id, OTHER_PIN)


def test_guesses_at_the_same_moment_count_each(app, cast):
    shares(cast.owner)
    start, entered = threading.Barrier(8), []

    def guess(pin):
        with app.app_context():
            start.wait()
            with transaction():
                entered.append(services.enter_with_pin(TOKEN, cast.owner.id, pin))
            db.session.remove()

    threads = [threading.Thread(target=guess, args=(f"55512{number}",)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert entered == [None] * 8
    place = place_of(cast.owner)
    assert place.failures == 5 and place.locked_until is not None, "three came too late to be looked at"


def test_the_same_work_is_done_whoever_is_asked_for(cast, monkeypatch):
    shares(cast.owner)
    hashed = []
    slow = pins.hash_pin
    monkeypatch.setattr(phones.pins, "hash_pin", lambda *a, **k: hashed.append(1) or slow(*a, **k))
    for user_id in (cast.owner.id, cast.son.id, 987654321):
        services.enter_with_pin(TOKEN, user_id, WRONG)
    assert len(hashed) == 3


def test_a_role_of_staff_ends_pins_and_places(cast):
    shares(cast.owner)
    services.change_role(db.session.get(User, cast.owner.id), Role.MENTOR, by=cast.admin)
    assert names() == [] and db.session.query(PhoneUser).count() == 0
    assert services.enter_with_pin(TOKEN, cast.owner.id, PIN) is None


def test_who_is_suspended_comes_back_with_a_code_only(cast):
    shares(cast.owner)
    user = db.session.get(User, cast.owner.id)
    services.suspend(user, by=cast.admin)
    services.restore(user, by=cast.admin)
    assert services.enter_with_pin(TOKEN, cast.owner.id, PIN) is None


def test_who_leaves_the_firm_leaves_its_phones(cast):
    shares(cast.owner)
    shares(cast.son, pin=OTHER_PIN)
    services.remove_member(cast.firm.id, cast.son.id, by=cast.owner)
    assert names() == ["Lupita Ríos"]
    assert services.enter_with_pin(TOKEN, cast.son.id, OTHER_PIN) is None


def test_the_last_one_takes_the_phone_out(cast):
    owner, son = shares(cast.owner), shares(cast.son, pin=OTHER_PIN)
    key = services.begin_session(db.session.get(User, cast.son.id), phone_id=son.phone_id)
    services.stop_using(owner, by=cast.owner)
    assert db.session.query(KnownPhone).count() == 1
    services.stop_using(son, by=cast.son)
    db.session.expire_all()
    assert db.session.query(KnownPhone).count() == 0 and happened("PhoneRemoved") == 2
    ended = db.session.query(UserSession).one()
    assert key and ended.ended_at is not None and ended.phone_id is None

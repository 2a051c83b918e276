"""What is refused as a passkey; that a real one works is shown in a browser (tests/browser)."""

import json
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lms.accounts import challenge, services
from lms.accounts.models import Passkey
from lms.accounts.services.passkeys import Site
from lms.foundation.clock import now
from lms.foundation.db import db
from lms.foundation.errors import Refused
from tests.conftest import NOW

SITE = Site("localhost", "http://localhost", "Pespunte")
ANSWER = {
    "id": "a2V5",
    "rawId": "a2V5",
    "type": "public-key",
    "response": {
        "clientDataJSON": "e30",
        "authenticatorData": "AA",
        "signature": "AA",
        "attestationObject": "oA",
        "userHandle": "cGVyc29uLTE",
    },
}


def passkey_of(person, **more) -> Passkey:
    made = {
        "user_id": person.id,
        "credential_id": "a2V5",
        "public_key": "oA",
        "sign_count": 0,
        "name": "Celular",
        "created_at": now(),
    }
    passkey = Passkey(**made | more)
    db.session.add(passkey)
    db.session.commit()
    return passkey


def broken() -> st.SearchStrategy[str]:
    """Answers in the right form with anything in them, and anything else."""
    parts = st.sampled_from([*ANSWER, *ANSWER["response"]])
    values = st.one_of(st.none(), st.integers(), st.text(max_size=40), st.binary(max_size=40).map(bytes.hex))

    def put(changes: dict) -> str:
        response = ANSWER["response"] | {k: v for k, v in changes.items() if k in ANSWER["response"]}
        return json.dumps(ANSWER | {k: v for k, v in changes.items() if k in ANSWER} | {"response": response})

    return st.one_of(st.dictionaries(parts, values).map(put), st.text(max_size=80), st.just(json.dumps([1])))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(answer=broken())
def test_whatever_a_browser_answers_nobody_enters_and_nothing_breaks(cast, answer):
    if not db.session.query(Passkey).count():
        passkey_of(cast.owner)
    assert services.enter_with_passkey(answer, site=SITE, challenge="Y2hhbGxlbmdl") is None
    with pytest.raises(Refused):
        services.add_passkey(answer, site=SITE, challenge="Y2hhbGxlbmdl", name="", by=cast.owner)


def form_of(page):
    return page.root.find("form", data_passkey="enter") or page.root.find("form", data_passkey="add")


def test_the_sign_in_page_asks_for_any_passkey_and_names_nobody(browser):
    page = browser().get("/sign-in")
    options = json.loads(form_of(page).attributes["data-options"])
    assert options["rpId"] == "localhost" and options["allowCredentials"] == []
    assert options["userVerification"] == "required" and len(options["challenge"]) >= 43
    again = json.loads(form_of(browser().get("/sign-in")).attributes["data-options"])
    assert again["challenge"] != options["challenge"]


def test_at_an_address_that_is_a_number_none_is_offered(browser):
    page = browser().get("/sign-in", base_url="http://127.0.0.1:8000")
    assert page.status == 200 and form_of(page) is None


@pytest.mark.parametrize("answer", ["", "{", "null", json.dumps(ANSWER), "x" * 30_000])
def test_a_wrong_answer_leads_back_and_says_so(browser, answer):
    stranger = browser()
    page = stranger.submit("/sign-in", answer=answer)
    assert page.status == 200 and stranger.get("/home").status == 302


def test_a_challenge_is_for_one_form_once_and_for_ten_minutes(app, stopped_clock):
    with app.test_request_context():
        asked = challenge.new_challenge("this form")
        assert challenge.take_challenge("this form") == asked
        assert challenge.take_challenge("this form") is None
        challenge.new_challenge("this form")
        assert challenge.take_challenge("another form") is None
        challenge.new_challenge("this form")
        stopped_clock(NOW + timedelta(minutes=11))
        assert challenge.take_challenge("this form") is None


def test_the_own_address_counts_and_not_what_a_request_says(app, monkeypatch):
    with app.test_request_context(base_url="http://evil.example:81"):
        assert challenge.site().rp_id == "evil.example"
        monkeypatch.setitem(app.config, "SITE_URL", "https://pespunte.mx")
        assert challenge.site() == Site("pespunte.mx", "https://pespunte.mx", "Pespunte")


def test_a_new_one_is_set_up_only_right_after_a_code(browser, cast, stopped_clock):
    trainer = browser(cast.trainer)
    page = trainer.get("/passkeys")
    options = json.loads(form_of(page).attributes["data-options"])
    assert options["authenticatorSelection"]["residentKey"] == "required"
    assert trainer.submit("/passkeys", answer="{}").errors
    stopped_clock(NOW + timedelta(hours=1))
    page = trainer.get("/passkeys")
    assert form_of(page) is None and "Confirma que eres tú" in page.text


def test_ones_own_is_removed_and_nobody_elses(browser, cast):
    passkey = passkey_of(cast.owner)
    address = f"/passkeys/{passkey.id}/remove"
    assert browser(cast.son).get(address).status == 404
    assert "Quitada" in browser(cast.owner).submit(address).text
    assert db.session.query(Passkey).count() == 0

"""Entering with a fingerprint, in a real browser with an authenticator that Chromium plays itself."""

import pytest
from playwright.sync_api import expect

from lms.accounts.models import Passkey
from lms.foundation.db import db
from tests.browser.test_offline import count, until, workshop  # noqa: F401 (a fixture)
from tests.browser.visitor import Findings, Visitor

WAYS = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


class Finger:
    """The fingerprint reader of a phone."""

    def __init__(self, visitor: Visitor) -> None:
        self.tools = visitor.context.new_cdp_session(visitor.page)
        self.tools.send("WebAuthn.enable")
        self.id = self.tools.send("WebAuthn.addVirtualAuthenticator", {"options": WAYS})["authenticatorId"]

    def keys(self) -> list[dict]:
        return self.tools.send("WebAuthn.getCredentials", {"authenticatorId": self.id})["credentials"]

    def put_back(self, key: dict) -> None:
        self.tools.send("WebAuthn.clearCredentials", {"authenticatorId": self.id})
        self.tools.send("WebAuthn.addCredential", {"authenticatorId": self.id, "credential": key})

    def is_known(self, known: bool) -> None:
        """Whether it knows the finger that is laid on it."""
        known_now = {"authenticatorId": self.id, "isUserVerified": known}
        self.tools.send("WebAuthn.setUserVerified", known_now)


@pytest.fixture
def at_home(chromium, workshop):  # noqa: F811
    """Lupita at a browser that has a fingerprint reader. A number is no address for a passkey."""
    workshop.house.url = workshop.house.url.replace("127.0.0.1", "localhost")
    visitor = Visitor(chromium, workshop.house, Findings())
    visitor.finger = Finger(visitor)
    visitor.open(workshop.house.make_link(workshop.places.owner)).press("Sí, entrar")
    yield visitor
    visitor.close()
    visitor.findings.assert_none()


def sets_it_up(visitor: Visitor) -> Visitor:
    visitor.open("/account").follow("Entrar con tu huella").press("Activarla")
    return visitor.sees("Listo. Desde ahora", "Con estas puedes entrar")


def leaves(visitor: Visitor) -> Visitor:
    return visitor.open("/sign-out").press("Salir de este")


def test_one_sets_it_up_and_enters_with_it_without_writing_anything(at_home, workshop):  # noqa: F811
    sets_it_up(at_home)
    [key] = at_home.finger.keys()
    assert key["isResidentCredential"] and key["rpId"] == "localhost"
    leaves(at_home).press("Entrar con tu huella").heading_is("Hola, Lupita")
    at_home.open("/passkeys").sees("la usaste")
    assert count(workshop, Passkey, Passkey.sign_count == 2) == 1


def test_it_leads_to_the_page_one_wanted(at_home):
    leaves(sets_it_up(at_home)).open("/progress").press("Entrar con tu huella").heading_is("avance")


def test_a_finger_that_is_not_known_lets_nobody_in_and_says_so(at_home):
    leaves(sets_it_up(at_home))
    expect(at_home.page.locator("[data-failed-words]")).to_be_hidden()
    at_home.finger.is_known(False)
    at_home.page.get_by_role("button", name="Entrar con tu huella").click()
    expect(at_home.page.locator("[data-failed-words]")).to_be_visible()
    at_home.finger.is_known(True)
    at_home.press("Entrar con tu huella").heading_is("Hola, Lupita")


def test_a_copied_key_is_refused(at_home):
    sets_it_up(at_home)
    [copied] = at_home.finger.keys()
    leaves(at_home).press("Entrar con tu huella").heading_is("Hola, Lupita")
    at_home.finger.put_back(copied)  # and with it the count of before
    leaves(at_home).press("Entrar con tu huella").sees("No funcionó").heading_is("Entra con tu correo")


def test_what_was_removed_lets_nobody_in(at_home, workshop):  # noqa: F811
    sets_it_up(at_home).follow("Quitar").press("Quitarla").sees("Quitada")
    assert count(workshop, Passkey) == 0
    leaves(at_home).press("Entrar con tu huella").sees("No funcionó")


def test_one_answer_enters_once(at_home, chromium, workshop):  # noqa: F811
    """What was sent, sent again with the very cookies of before."""
    leaves(sets_it_up(at_home))
    sent = []
    at_home.page.on("request", lambda one: sent.append(one) if one.method == "POST" else None)
    before = at_home.context.cookies()
    at_home.press("Entrar con tu huella").heading_is("Hola, Lupita")
    thief = Visitor(chromium, workshop.house, Findings())
    thief.context.add_cookies(before)
    [one] = [request for request in sent if request.url.endswith("/sign-in/passkey")]
    answer = thief.context.request.post(
        one.url,
        data=one.post_data,
        headers={"content-type": "application/x-www-form-urlencoded"},
        max_redirects=0,
    )
    assert answer.status == 302
    thief.page.goto("/home")
    assert "/sign-in" in thief.page.url
    thief.close()


def test_it_is_not_offered_twice_to_the_same_phone(at_home):
    sets_it_up(at_home)
    expect(at_home.page.locator("[data-failed-words]")).to_be_hidden()
    at_home.page.get_by_role("button", name="Activarla").click()
    expect(at_home.page.locator("[data-failed-words]")).to_be_visible()


def test_staff_enter_with_it_too(at_home, workshop):  # noqa: F811
    with workshop.house.app.app_context():
        from lms.accounts.models import User

        trainer = db.session.query(User).filter_by(name="Tere Luna").one().email
        db.session.remove()
    leaves(at_home).open(workshop.house.make_link(trainer)).press("Sí, entrar")
    leaves(sets_it_up(at_home)).press("Entrar con tu huella").sees("Tere Luna")


def test_a_browser_that_cannot_is_not_asked(chromium, workshop):  # noqa: F811
    for javascript in (True, False):
        visitor = Visitor(chromium, workshop.house, Findings(), javascript=javascript)
        if javascript:
            visitor.context.add_init_script("delete PublicKeyCredential.parseRequestOptionsFromJSON")
            workshop.house.url = workshop.house.url.replace("127.0.0.1", "localhost")
        visitor.page.goto(workshop.house.url + "/sign-in")
        expect(visitor.page.get_by_role("button", name="Entrar con tu huella")).to_have_count(0)
        visitor.close()

"""The pages of a phone that several use: choosing who one is, the PIN, this phone, and leaving it."""

from datetime import timedelta

import pytest

from lms.accounts import services
from lms.accounts.models import KnownPhone, PhoneUser, User, UserSession
from lms.foundation.db import db
from tests.accounts.test_entering import ask_for_code, newest_code
from tests.conftest import NOW, Browser
from tests.pages import Page

PIN, OTHER_PIN, WRONG = "493817", "260475", "555123"


def choose_pin(phone: Browser, pin=PIN, again=None, **name) -> Page:
    return phone.submit("/phone/pin", pin=pin, again=again or pin, **name)


def pin_page(person) -> str:
    return f"/sign-in/pin/{person.id}"


def mark(phone: Browser, **values) -> None:
    with phone.client.session_transaction() as session:
        session.update(values)


@pytest.fixture
def family(browser, cast):
    """Lupita's phone, on which she and Beto have a PIN each; nobody is signed in."""
    phone = browser(cast.owner)
    choose_pin(phone, name="Celular del taller")
    phone.submit("/sign-out", button="Salir de este")
    enters_anew(phone, cast.son)
    choose_pin(phone, OTHER_PIN)
    phone.submit("/switch-person")
    return phone


def enters_anew(phone: Browser, person) -> None:
    token = services.make_link(db.session.get(User, person.id), by=None)
    phone.submit(f"/sign-in/link/{token}", follow=False)


def test_a_member_chooses_a_pin_and_the_phone_is_known(browser, cast):
    phone = browser(cast.owner)
    assert "Elegir un PIN" in phone.get("/phone").text
    page = choose_pin(phone, name="Celular del taller")
    assert page.heading == "Celular del taller" and "Lupita Ríos" in page.text
    cookie = phone.client.get_cookie("phone")
    assert cookie.http_only and cookie.same_site == "Lax" and cookie.path == "/"
    assert cookie.max_age > timedelta(days=300).total_seconds() and len(cookie.value) >= 43
    assert "Cambiar de persona" in phone.get("/account").text


def test_the_page_proposes_a_name_by_what_the_phone_says_of_itself(browser, cast):
    phone = browser(cast.owner)
    page = phone.get("/phone/pin", headers={"User-Agent": "Mozilla/5.0 (Linux; Android 10; K) Chrome/130"})
    assert page.root.find("input", name="name").attributes["value"] == "Celular Android"


@pytest.mark.parametrize(
    ("pin", "again", "says"),
    [
        ("123456", None, "Piensa en otro"),
        ("12", None, "6 números"),
        (PIN, "493818", "No es el mismo"),
        ("", "", "Escribe"),
    ],
)
def test_a_pin_that_will_not_do_is_told_why_and_the_name_stays(browser, cast, pin, again, says):
    page = choose_pin(browser(cast.owner), pin, again, name="La tableta")
    assert page.status == 422 and says in " ".join(page.errors)
    assert page.root.find("input", name="name").attributes["value"] == "La tableta"
    assert not any(field.attributes.get("value") for field in page.root.find_all("input", type="password"))
    assert db.session.query(KnownPhone).count() == 0


def test_the_phone_asks_who_one_is_and_says_nothing_else(family, cast):
    page = family.get("/sign-in")
    assert page.heading == "¿Quién eres?" and "Lupita Ríos" in page.text and "Beto Ríos" in page.text
    for secret in ("@", "Telas Lupita", "Celular del taller"):
        assert secret not in page.text
    assert any("code=1" in link for link in page.links)
    assert family.get("/sign-in?code=1").heading == "Entra con tu correo"


def test_who_chooses_their_name_enters_with_their_pin(family, cast):
    page = family.submit(pin_page(cast.son), pin=f" {OTHER_PIN[:3]} {OTHER_PIN[3:]} ")
    assert page.heading == "Hola, Beto"
    with family.client.session_transaction() as session:
        assert (session["by"], session["firm_id"]) == ("pin", cast.firm.id)
    assert db.session.query(UserSession).filter_by(user_id=cast.son.id, ended_at=None).count() == 1


def test_one_goes_on_to_the_page_one_wanted(family, cast):
    sign_in = family.get("/course").location
    chosen = next(link for link in family.get(sign_in).links if f"/pin/{cast.owner.id}" in link)
    assert family.submit(chosen, follow=False, pin=PIN).location == "/course"


def test_a_wrong_pin_is_always_answered_in_the_same_words(family, cast):
    pages = [family.submit(pin_page(cast.owner), pin=wrong) for wrong in (WRONG, OTHER_PIN, "1", "x")]
    assert len({tuple(page.errors) for page in pages}) == 1 and "Ese no es el PIN" in pages[0].errors[0]
    assert family.get("/home").status == 302


def test_after_five_wrong_pins_the_page_says_when_to_come_back(family, cast, stopped_clock):
    for _try in range(5):
        page = family.submit(pin_page(cast.owner), pin=WRONG)
    assert "12:15 p. m." in page.text and page.root.find("input", name="pin") is None
    assert "¿Quién eres?" in family.get("/sign-in").heading
    stopped_clock(NOW + timedelta(minutes=16))
    assert family.submit(pin_page(cast.owner), pin=PIN).heading == "Hola, Lupita"


def test_after_ten_wrong_pins_only_a_code_lets_in(family, cast, stopped_clock):
    for number in range(10):
        stopped_clock(NOW + timedelta(minutes=20 * number))
        page = family.submit(pin_page(cast.owner), pin=WRONG)
    assert page.heading == "¿Quién eres?" and "Lupita" not in page.text
    assert family.get(pin_page(cast.owner)).status == 302


def test_a_double_tap_counts_once(family, cast):
    page = family.get(pin_page(cast.owner))
    for _tap in range(2):
        family.send(page, pin_page(cast.owner), pin=WRONG)
    assert db.session.query(PhoneUser).filter_by(user_id=cast.owner.id).one().failures == 1


def test_without_the_phone_no_name_and_no_pin_is_asked_for(family, browser, cast):
    stranger = browser()
    answers = [stranger.get(pin_page(who)) for who in (cast.owner, cast.rival)]
    answers.append(stranger.get("/sign-in/pin/987654321"))
    assert {(page.status, page.location) for page in answers} == {(302, "/sign-in")}
    stranger.client.set_cookie("phone", "made up")
    assert stranger.get(pin_page(cast.owner)).location == "/sign-in"
    assert "Lupita" not in stranger.get("/sign-in").text


def test_staff_have_no_phone_page(browser, cast):
    for person in (cast.trainer, cast.mentor, cast.lead, cast.admin):
        assert browser(person).get("/phone").status == browser(person).get("/phone/pin").status == 404


def test_changing_person_leaves_only_this_phone_and_clears_nobodys_things(family, browser, cast):
    family.submit(pin_page(cast.owner), pin=PIN)
    stolen, laptop = browser(), browser()
    enters_anew(laptop, cast.owner)
    stolen.client.set_cookie("session", family.client.get_cookie("session").value)
    left = family.submit("/switch-person", follow=False)
    assert left.location == "/sign-in" and left.headers["Clear-Site-Data"] == '"cache"'
    assert family.get("/sign-in").heading == "¿Quién eres?"
    assert stolen.get("/home").status == 302, "a copy of the cookie is worth nothing"
    assert laptop.get("/home").status == 200


def test_one_leaves_all_phones_at_once(family, browser, cast):
    family.submit(pin_page(cast.owner), pin=PIN)
    laptop = browser()
    enters_anew(laptop, cast.owner)
    laptop.submit("/sign-out", button="Salir de todos")
    assert family.get("/home").status == laptop.get("/home").status == 302
    assert family.submit(pin_page(cast.owner), pin=PIN).heading == "Hola, Lupita"


def test_a_suspension_ends_what_a_pin_began(family, cast):
    family.submit(pin_page(cast.owner), pin=PIN)
    services.suspend(db.session.get(User, cast.owner.id), by=cast.admin)
    assert family.get("/home").status == 302
    assert "Lupita" not in family.get("/sign-in").text


def test_a_phone_that_was_lost_is_taken_out_from_another(family, browser, cast):
    family.submit(pin_page(cast.owner), pin=PIN)
    laptop = browser()
    enters_anew(laptop, cast.owner)
    page = laptop.get("/phone")
    assert "Celular del taller" in page.text
    link = next(link for link in page.links if link.endswith("/remove"))
    assert "ya no puede entrar" in laptop.get(link).text
    laptop.submit(link)
    assert family.get("/home").status == 302
    assert "Lupita" not in family.get("/sign-in").text and "Beto" in family.get("/sign-in").text


def test_whoever_is_last_takes_the_phone_out_and_its_cookie(browser, cast):
    phone = browser(cast.owner)
    page = choose_pin(phone, name="Celular")
    link = next(link for link in page.links if link.endswith("/remove"))
    page = phone.submit(link)
    assert page.heading == "Entra con tu correo" and "Listo" in page.text
    assert phone.client.get_cookie("phone") is None and phone.get("/home").status == 302


def test_a_pin_is_changed_and_removed_and_the_phone_is_renamed(browser, cast):
    phone = browser(cast.owner)
    choose_pin(phone, name="Celular")
    choose_pin(phone, OTHER_PIN)
    assert phone.submit("/phone/name", name="La tableta").heading == "La tableta"
    phone.submit("/switch-person")
    assert phone.submit(pin_page(cast.owner), pin=PIN).errors
    phone.submit(pin_page(cast.owner), pin=OTHER_PIN)
    page = phone.submit("/phone", button="Quitar mi PIN")
    assert "Elegir un PIN" in page.text
    phone.submit("/switch-person")
    assert phone.get("/sign-in").heading == "Entra con tu correo"


def test_another_firm_is_told_nothing_of_whose_the_phone_is(family, cast):
    enters_anew(family, cast.rival)
    page = family.get("/phone")
    assert "Otra empresa usa este teléfono" in page.text
    assert "Lupita" not in page.text and "Celular del taller" not in page.text
    assert "Otra empresa" in " ".join(choose_pin(family).errors)


# What a PIN is not enough for


@pytest.mark.parametrize("path", ["/firm/leave", "/phone/pin", "/tools/export.csv"])
def test_a_code_is_asked_for_and_leads_back(family, cast, letters, path):
    family.submit(pin_page(cast.son), pin=OTHER_PIN)
    asked = family.get(path)
    assert asked.status == 302 and asked.location.startswith("/sign-in/again?next=")
    family.submit(asked.location, button="Mandarme")
    code = newest_code(letters, cast.son.email)
    wrong = family.submit("/sign-in/again/code", code="000000" if code != "000000" else "111111")
    assert wrong.errors
    back = family.submit("/sign-in/again/code", code=code, follow=False)
    assert back.location == ("/tools/" if "export" in path else path)
    assert family.get(path).status == 200


def test_a_code_lasts_a_quarter_of_an_hour_and_a_little_to_finish(family, cast, letters, stopped_clock):
    family.submit(pin_page(cast.son), pin=OTHER_PIN)
    family.submit("/sign-in/again?next=/firm/leave", button="Mandarme")
    family.submit("/sign-in/again/code", code=newest_code(letters, cast.son.email))
    page = family.get("/firm/leave")
    stopped_clock(NOW + timedelta(minutes=16))
    assert family.get("/firm/leave").location.startswith("/sign-in/again")
    assert family.send(page, "/firm/leave", follow=False).location == "/home"


def test_the_code_of_somebody_else_does_not_help(family, browser, cast, letters):
    family.submit(pin_page(cast.son), pin=OTHER_PIN)
    family.submit("/sign-in/again", button="Mandarme")
    ask_for_code(browser(), cast.owner.email)
    assert family.submit("/sign-in/again/code", code=newest_code(letters, cast.owner.email)).errors


def test_people_and_consents_are_read_with_a_pin_and_changed_with_a_code(family, cast):
    family.submit(pin_page(cast.owner), pin=PIN)
    for path, form in (("/firm/people", "email"), ("/my-data", "impact_study")):
        page = family.get(path)
        assert page.status == 200 and "Confirma que eres tú" in page.text
        field = page.root.find("input", name=form)
        assert field is None or page.root.find("fieldset", disabled=None)
        sent = {"csrf_token": _token(family), "form_key": "any"}
        assert family.post(path, sent).location.startswith("/sign-in/again")
    assert db.session.query(User).count() == 13


def _token(phone: Browser) -> str:
    form = phone.get("/switch-person").root.find("input", name="csrf_token")
    return form.attributes["value"]


def test_who_entered_with_a_code_is_asked_again_only_for_a_new_way_in(browser, cast, stopped_clock):
    phone = browser(cast.owner)
    stopped_clock(NOW + timedelta(hours=2))
    assert phone.get("/firm/leave").status == 200
    assert phone.get("/phone/pin").location.startswith("/sign-in/again")


def test_a_link_from_staff_shows_nobody_who_one_is(browser, cast, letters):
    token = services.make_link(db.session.get(User, cast.owner.id), by=cast.trainer)
    phone = browser()
    phone.submit(f"/sign-in/link/{token}", follow=False)
    assert phone.get("/firm/people").status == 200
    for path in ("/phone/pin", "/tools/export.csv"):
        assert phone.get(path).location.startswith("/sign-in/again?next="), path
    page = phone.get("/my-data")
    assert "con un enlace que te dieron no basta" in page.text
    assert not [button for button in page.root.find_all("button") if "Guardar lo que decidí" in button.text]
    phone.submit("/sign-in/again?next=/phone/pin", button="Mandarme")
    phone.submit("/sign-in/again/code", code=newest_code(letters, cast.owner.email))
    assert phone.get("/phone/pin").status == 200


def test_right_after_entering_a_pin_is_offered_and_later_it_is_not(browser, cast, stopped_clock):
    phone = browser()
    enters_anew(phone, cast.owner)
    assert "Entra más rápido" in phone.get("/home").text
    stopped_clock(NOW + timedelta(minutes=20))
    assert "Entra más rápido" not in phone.get("/home").text

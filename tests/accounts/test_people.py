"""The people of a firm, and of the house as its administrators keep them."""

import re
from datetime import timedelta

import pytest

from lms.accounts import services
from lms.accounts.models import Invitation, Membership, MembershipKind, User
from lms.foundation.db import db
from lms.permissions import Role
from tests import build
from tests.conftest import NOW


def link_to(letters, email):
    """Where the newest letter to that address leads."""
    texts = [letter.text for letter in letters() if letter.to == email]
    return re.search(r"/invitations/[\w-]+", texts[-1])[0]


# The people of a firm


def test_an_owner_invites_somebody_who_then_works_for_the_firm(browser, cast, letters):
    page = browser(cast.owner).submit(
        "/firm/people", button="Mandar la invitación", name="Ana Ríos", email="Ana@Example.org", kind="staff"
    )
    assert "Ana Ríos" in page.text and page.status == 200

    newcomer = browser()
    newcomer.submit(link_to(letters, "ana@example.org"), follow=False, training="y")

    ana = db.session.query(User).filter_by(email="ana@example.org").one()
    assert ana.role is Role.MEMBER and [place.firm_id for place in ana.memberships] == [cast.firm.id]
    assert newcomer.get("/firm/people").status == 200


def test_only_an_owner_invites(browser, cast):
    page = browser(cast.son).get("/firm/people")
    assert page.status == 200 and not [f for f in page.forms if f.find("input", name="email")]
    answer = browser(cast.son).post(
        "/firm/people", {"name": "Eva", "email": "eva@example.org", "kind": "owner"}
    )
    assert answer.status >= 400
    assert not db.session.query(Invitation).count()


def test_nobody_invites_staff_or_a_suspended_person_into_a_firm(browser, cast):
    for email in (cast.trainer.email, cast.admin.email, cast.suspended_user.email):
        page = browser(cast.owner).submit(
            "/firm/people", button="Mandar la invitación", name="X", email=email
        )
        assert page.status == 422 and page.errors
    assert not db.session.query(Invitation).count()


def test_an_owner_takes_out_who_no_longer_works_there(browser, cast):
    son = browser(cast.son)
    assert son.get("/firm/people").status == 200
    page = browser(cast.owner).submit(f"/firm/people/{cast.son.id}/remove")
    assert "Beto" not in page.text
    assert son.get("/firm/people").status == 404


@pytest.mark.parametrize("who", ["son", "rival", "trainer"])
def test_nobody_else_takes_people_out(browser, cast, who):
    assert browser(getattr(cast, who)).get(f"/firm/people/{cast.owner.id}/remove").status == 404


def test_one_leaves_a_firm_after_confirming(browser, cast):
    son = browser(cast.son)
    assert "Telas Lupita" in son.get("/firm/leave").heading
    assert services.is_member(cast.firm.id, cast.son.id)
    son.submit("/firm/leave", follow=False)
    assert not services.is_member(cast.firm.id, cast.son.id)
    assert son.get("/firm/people").status == 404


def test_the_last_owner_stays(browser, cast):
    page = browser(cast.owner).submit("/firm/leave")
    assert page.status == 422 and page.errors
    assert services.is_owner(cast.firm.id, cast.owner.id)


def test_a_person_of_two_firms_chooses_for_which_to_work(browser, cast):
    build.add(
        Membership(
            firm_id=cast.rival_firm.id,
            user_id=cast.owner.id,
            kind=MembershipKind.STAFF,
            joined_at=build.LONG_AGO,
        )
    )
    phone = browser(cast.owner)
    assert "Telas Lupita" in phone.get("/firm/people").heading
    phone.submit("/firm/switch", follow=False, firm_id=str(cast.rival_firm.id))
    assert "Costuras Rosa" in phone.get("/firm/people").heading


def test_one_cannot_switch_to_a_firm_of_others(browser, cast):
    phone = browser(cast.owner)
    shown = phone.get("/firm/switch")
    assert "Costuras Rosa" not in shown.text
    with phone.client.session_transaction() as session:
        session["firm_id"] = cast.rival_firm.id
    assert "Telas Lupita" in phone.get("/firm/people").heading


def test_an_owner_sends_an_invitation_again_and_withdraws_it(browser, cast, letters):
    owner = browser(cast.owner)
    owner.submit(
        "/firm/people", button="Mandar la invitación", name="Ana Ríos", email="ana@example.org", kind="staff"
    )
    first = link_to(letters, "ana@example.org")
    owner.submit("/firm/people", button="otra vez")
    second = link_to(letters, "ana@example.org")
    assert browser().get(first).status == 404 and browser().get(second).status == 200
    owner.submit("/firm/people", button="Retirar")
    assert browser().get(second).status == 404


def test_another_firms_invitation_does_not_exist(browser, cast):
    invitation = services.invite_member(
        cast.rival_firm.id, name="Eva", email="eva@example.org", kind=MembershipKind.STAFF, by=cast.rival
    )
    for act in ("resend", "revoke"):
        path = f"/firm/people/invitations/{invitation.id}/{act}"
        assert browser(cast.owner).post(path, {"form_key": "k"}).status in (400, 404)
    assert invitation.revoked_at is None


# Staff


def test_an_administrator_invites_a_trainer_who_enters(browser, cast, letters):
    page = browser(cast.admin).submit(
        "/people/invite", name="Tita Sol", email="tita@example.org", role="trainer"
    )
    assert "Tita Sol" in page.text
    tita = browser()
    tita.submit(link_to(letters, "tita@example.org"), follow=False)
    assert db.session.query(User).filter_by(email="tita@example.org").one().role is Role.TRAINER
    assert tita.get("/sign-out").status == 200


def test_the_role_is_the_invitations_whatever_the_form_says(browser, cast, letters):
    browser(cast.admin).submit("/people/invite", name="Tita Sol", email="tita@example.org", role="mentor")
    path = link_to(letters, "tita@example.org")
    someone = browser()
    page = someone.get(path)
    form = page.forms[0]
    sent = {e.attributes["name"]: e.attributes.get("value", "") for e in form.find_all("input")}
    someone.post(path, sent | {"role": "admin", "firm_id": "1", "email": "evil@example.org"})
    tita = db.session.query(User).filter_by(email="tita@example.org").one()
    assert tita.role is Role.MENTOR and not tita.memberships


def test_an_invitation_never_raises_the_role_of_who_is_here_already(cast):
    invitation = services.invite(name="Lupita", email=cast.owner.email, role=Role.ADMIN, by=cast.admin)
    user, _may_enter = services.accept_invitation(invitation)
    assert user.id == cast.owner.id and user.role is Role.MEMBER


def test_staff_who_are_here_already_must_enter_by_code(cast):
    invitation = services.invite(
        name="Mario", email=cast.mentor.email, role=Role.MEMBER, firm_id=cast.firm.id, by=cast.owner
    )
    _user, may_enter = services.accept_invitation(invitation)
    assert not may_enter


def test_an_invitation_used_withdrawn_expired_or_somebody_elses_gets_one_page(
    browser, cast, letters, stopped_clock
):
    paths = {}
    for name in ("used", "withdrawn", "foreign", "expired"):
        services.invite_staff(name=name, email=f"{name}@example.org", role=Role.MENTOR, by=cast.admin)
        paths[name] = link_to(letters, f"{name}@example.org")
    browser().submit(paths["used"], follow=False)
    invitation = db.session.query(Invitation).filter_by(name="withdrawn").one()
    services.revoke(invitation, by=cast.admin)
    pages = [
        browser().get(paths["used"]),
        browser().get(paths["withdrawn"]),
        browser().get("/invitations/nothing"),
    ]
    signed_in = browser(cast.owner).get(paths["foreign"])
    assert signed_in.status == 404 and "Lupita" not in signed_in.text
    stopped_clock(NOW + timedelta(days=7, seconds=1))
    pages.append(browser().get(paths["expired"]))
    assert {page.status for page in pages} == {404}
    assert len({page.text for page in pages}) == 1


def test_a_double_tap_on_accept_makes_one_person(browser, cast, letters):
    services.invite_staff(name="Tita", email="tita@example.org", role=Role.MENTOR, by=cast.admin)
    path = link_to(letters, "tita@example.org")
    phone, second_tap = browser(), browser()
    page = phone.get(path)
    second_tap.client.set_cookie("session", phone.client.get_cookie("session").value)
    first = phone.send(page, path, follow=False)
    again = second_tap.send(page, path, follow=False)
    assert first.location == again.location == "/home"
    assert db.session.query(User).filter_by(email="tita@example.org").count() == 1


def test_only_administrators_see_the_people(browser, cast):
    paths = ("/people", "/people/invite", f"/people/{cast.owner.id}", f"/people/{cast.owner.id}/suspend")
    for path in paths:
        assert browser(cast.admin).get(path).status == 200
        assert browser().get(path).status == 302
        for person in (cast.owner, cast.trainer, cast.mentor, cast.lead):
            assert browser(person).get(path).status == 404


def test_people_are_found_by_name_address_and_firm(browser, cast):
    admin = browser(cast.admin)
    assert "Tere Luna" in admin.get("/people?q=tere").text
    assert "Tere Luna" not in admin.get("/people?q=rosa").text
    assert "Rosa Sol" in admin.get("/people?q=Costuras").text
    assert admin.get("/people?q=%25").text.count("@example.org") == 0


def test_people_come_fifty_a_page(browser, cast, count_queries):
    for number in range(60):
        build.user(f"Persona {number:02d}")
    admin = browser(cast.admin)
    with count_queries() as queries:
        first = admin.get("/people")
    second = admin.get("/people?page=2")
    assert first.text.count("@example.org") == 50 and "Persona 59" in second.text
    assert admin.get("/people?page=99").status == 200
    assert len(queries) < 15


def test_a_changed_role_acts_at_once_and_ends_the_sessions(browser, cast):
    trainer = browser(cast.trainer)
    browser(cast.admin).submit(f"/people/{cast.trainer.id}", button="Guardar", role="mentor")
    assert db.session.get(User, cast.trainer.id).role is Role.MENTOR
    assert trainer.get("/sign-out").status == 302


def test_nobody_changes_or_suspends_themselves(browser, cast):
    from lms.foundation.errors import Refused

    me = db.session.get(User, cast.admin.id)
    with pytest.raises(Refused):
        services.change_role(me, Role.LEAD, by=cast.admin)
    page = browser(cast.admin).submit(f"/people/{cast.admin.id}/suspend")
    assert page.status == 422 and me.suspended_at is None


def test_suspending_is_confirmed_and_can_be_undone(browser, cast):
    admin, owner = browser(cast.admin), browser(cast.owner)
    assert admin.get(f"/people/{cast.owner.id}/suspend").status == 200
    assert owner.get("/firm/people").status == 200
    page = admin.submit(f"/people/{cast.owner.id}/suspend")
    assert "Suspendida" in page.text
    assert owner.get("/firm/people").status == 302
    admin.submit(f"/people/{cast.owner.id}", button="Dejar entrar")
    assert db.session.get(User, cast.owner.id).suspended_at is None
    assert owner.get("/firm/people").status == 302, "the old session stays closed"


def test_an_address_is_invited_once(browser, cast):
    admin = browser(cast.admin)
    admin.submit("/people/invite", name="Tita", email="tita@example.org", role="mentor")
    assert admin.submit("/people/invite", name="Tita", email="tita@example.org", role="lead").errors
    assert admin.submit("/people/invite", name="Lupita", email=cast.owner.email, role="lead").errors
    assert db.session.query(Invitation).count() == 1

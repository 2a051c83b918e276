"""Notices in the page: whose they are, counting and reading them."""

import pytest

from lms.foundation.clock import now
from lms.foundation.db import db
from lms.notifications import services
from lms.notifications.models import Notice


def leave(person, text="Aceptaron “Tarea 0”", firm_id=None, path="/agreements"):
    notice = Notice(user_id=person.id, firm_id=firm_id, text=text, path=path, created_at=now())
    db.session.add(notice)
    db.session.flush()
    return notice


def test_a_person_reads_their_own_and_nobody_elses(cast, browser):
    leave(cast.owner)
    assert "Tarea 0" in browser(cast.owner).get("/notices").text
    assert "Tarea 0" not in browser(cast.son).get("/notices").text


def test_opening_marks_as_read_and_leads_to_the_page(cast, browser):
    notice = leave(cast.owner)
    member = browser(cast.owner)
    assert services.unread_count(cast.owner) == 1
    page = member.get("/notices")
    assert services.unread_count(cast.owner) == 1, "looking at the list changes nothing"
    answer = member.send(page, "/notices", button=notice.text, follow=False)
    assert answer.location == "/agreements"
    assert services.unread_count(cast.owner) == 0


def test_all_are_read_at_once(cast, browser):
    for number in range(3):
        leave(cast.owner, f"Aviso {number}")
    leave(cast.son)
    browser(cast.owner).submit("/notices", button="Marcar todo")
    assert services.unread_count(cast.owner) == 0
    assert services.unread_count(cast.son) == 1


@pytest.mark.parametrize("who", ["son", "trainer", "admin"])
def test_nobody_opens_a_notice_of_somebody_else(cast, browser, who):
    notice = leave(cast.owner)
    other = getattr(cast, who)
    leave(other, "Propio")
    person = browser(other)
    form = person.get("/notices").form_with(set(), "Propio")
    hidden = {e.attributes["name"]: e.attributes["value"] for e in form.find_all("input")}
    assert person.post(f"/notices/{notice.id}/open", hidden).status == 404
    assert services.unread_count(cast.owner) == 1


def test_a_notice_of_a_firm_is_shown_while_one_acts_for_it(cast):
    leave(cast.owner, firm_id=cast.firm.id)
    leave(cast.owner, firm_id=cast.rival_firm.id)
    assert services.unread_count(cast.owner) == 1
    assert len(services.notices_of(cast.owner)) == 1


def test_the_list_asks_the_database_as_often_for_many_as_for_one(cast, browser, count_queries):
    leave(cast.owner)
    member = browser(cast.owner)
    member.get("/notices")
    with count_queries() as few:
        member.get("/notices")
    for number in range(10):
        leave(cast.owner, f"Aviso {number}")
    member.get("/notices")
    with count_queries() as many:
        member.get("/notices")
    assert len(many) == len(few)

"""What a phone may keep, and what it sends later: the same forms to the same addresses, answered in JSON."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from lms.assignments.models import SubmissionVersion
from lms.foundation.clock import now
from lms.foundation.db import db
from lms.mentoring.models import HelpRequest
from lms.sales.models import Figure
from tests import build, pages

REPLAY = {"Replay": "5400"}


@pytest.fixture
def phone(browser, cast):
    return browser(cast.owner)


def kept_form(phone, path: str, **typed) -> dict:
    """The form of a page as it was kept, with what was typed in it."""
    form = phone.get(path).form_with(set(typed), None)
    return pages.values(form) | typed


def count(model) -> int:
    return db.session.scalar(select(func.count()).select_from(model))


def test_what_was_made_earlier_is_answered_in_words_for_a_receipt(phone, cast):
    sent = kept_form(phone, "/help", text="No sé qué foto elegir")
    answer = phone.post("/help", sent, headers=REPLAY)
    assert answer.status == 200 and answer.json["led_to"].startswith("/help/")
    assert count(HelpRequest) == 1


def test_a_repeat_gets_the_first_answer_with_its_words_and_its_time(phone, stopped_clock):
    phone_form = phone.get("/sales").form_with({"amount_counter"}, None)
    sent = pages.values(phone_form) | {"amount_counter": "12400"}
    first = phone.post("/sales/check", sent, headers=REPLAY)
    stopped_clock(now() + timedelta(hours=3))
    second = phone.post("/sales/check", sent, headers={"Replay": "16200"})
    assert first.json["said"] and first.json == second.json
    figures = count(Figure)
    assert figures and count(Figure) == figures


def test_the_first_answer_is_known_too_when_it_went_out_as_a_page_that_never_arrived(phone):
    sent = kept_form(phone, "/help", text="Se cortó la llamada")
    page = phone.post("/help", sent)
    replayed = phone.post("/help", sent, headers=REPLAY)
    assert replayed.json["led_to"] == page.location and count(HelpRequest) == 1


def test_figures_worth_a_second_look_are_not_kept_and_say_why(phone):
    form = phone.get("/sales").form_with({"amount_counter"}, None)
    answer = phone.post("/sales/check", pages.values(form) | {"amount_counter": "58"}, headers=REPLAY)
    assert answer.status == 422 and "septiembre" in answer.json["problems"][0]
    assert count(Figure) == 0


def test_a_task_that_lacks_a_photo_says_so_and_keeps_its_words(phone, cast):
    brief = cast.version.week_rows[1].brief.id
    sent = kept_form(phone, f"/briefs/{brief}", text="Luz de ventana")
    answer = phone.post(f"/briefs/{brief}/hand-in", sent, headers=REPLAY)
    assert answer.status == 422 and any("Foto de frente" in words for words in answer.json["problems"])
    assert count(SubmissionVersion) == 0
    assert "Luz de ventana" in phone.get(f"/briefs/{brief}").root.find("textarea").text


def test_nobody_signed_in_is_not_taken_for_success(browser, cast):
    sent = kept_form(browser(cast.owner), "/help", text="¿Hola?")
    answer = browser().post("/help", sent, headers=REPLAY)
    assert answer.status in (400, 401) and "led_to" not in answer.json
    assert count(HelpRequest) == 0


@pytest.mark.parametrize("age", ["", "-5", "mañana", "9" * 400, "1e9"])
def test_a_strange_age_breaks_nothing(phone, age):
    sent = kept_form(phone, "/help", text="Edad rara")
    assert phone.post("/help", sent, headers={"Replay": age}).status == 200


def test_the_trainer_sees_when_work_was_made_and_dates_go_by_when_it_came(browser, cast):
    brief = cast.version.week_rows[1].brief
    work = build.submission(cast.enrolment, brief, cast.owner)
    version = work.versions[0]
    version.made_offline_at = now() - timedelta(days=3)
    page = browser(cast.trainer).get(f"/submissions/{work.id}/review")
    assert "Se hizo sin conexión el domingo 11 de octubre" in page.text
    assert "Se hizo sin conexión" in browser(cast.trainer).get(f"/submissions/{work.id}").text


def test_the_plan_names_pages_that_open_at_once_and_belong_to_this_person(phone, browser, cast):
    cast.cohort.starts_on = now().date() - timedelta(days=now().weekday() + 7)
    plan = phone.get("/offline/plan").json
    assert plan["person"] == cast.owner.id
    urls = [page["url"] for page in plan["pages"]]
    assert f"/lessons/{cast.version.week_rows[1].lessons[0].id}" in urls
    assert [url for url in urls if phone.get(url).status != 200] == []
    theirs = [page["url"] for page in browser(cast.outsider).get("/offline/plan").json["pages"]]
    lessons = {url for url in urls if url.startswith(("/lessons", "/briefs", "/quizzes"))}
    assert not lessons & set(theirs)


def test_a_page_fetched_to_be_kept_takes_no_message_away(phone, cast):
    lesson = cast.version.week_rows[0].lessons[0].id
    sent = pages.values(phone.get(f"/lessons/{lesson}").form_with({"done_upcoming"}, None))
    phone.post(f"/lessons/{lesson}/done", sent)
    assert "Terminaste: Lección 0.1" not in phone.get("/home", headers={"Keep": "1"}).text
    assert "Terminaste: Lección 0.1" in phone.get("/home").text


def test_leaving_clears_the_phone_unless_something_waits_on_it(browser, cast):
    left = browser(cast.owner).submit("/sign-out", follow=False)
    assert '"storage"' in left.headers["Clear-Site-Data"]
    waiting = browser(cast.son).submit("/sign-out", follow=False, keep="1")
    assert "storage" not in waiting.headers["Clear-Site-Data"]

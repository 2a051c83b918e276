"""Remarks at a place on a photo: set with words or by hand, kept with the draft, read by the firm."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.assignments import pins, services
from lms.assignments.models import HeldReview, Outcome, Review, ReviewDraft, ReviewPin
from lms.assignments.pins import Pin
from lms.foundation.db import db
from lms.foundation.errors import Refused
from tests.assignments.photos import handed_in
from tests.pages import values

ALL = {"level_0": "3", "level_1": "2", "level_2": "1"}
fraction = st.floats(0, 1)


@given(x=fraction, y=fraction)
def test_a_place_comes_back_from_the_form_as_it_went(x, y):
    pin = Pin(7, round(x, 4), round(y, 4), "aquí")
    assert pins.parse(pin.place, " aquí ") == pin
    assert pins.read(pins.kept([pin])) == [pin]
    assert pin.region in pins.REGIONS


def test_each_of_the_nine_parts_is_where_its_word_says():
    for region in pins.REGIONS:
        assert pins.region_at(*pins.middle_of(region)) == region
    assert pins.middle_of("top-left") == (1 / 6, 1 / 6)
    assert pins.middle_of("bottom-middle") == (0.5, 5 / 6)
    assert pins.region_at(1, 1) == "bottom-right"


@pytest.mark.parametrize(
    "place", ["", "1", "1:2", "1:0.5:1.01", "1:-0.1:0", "x:0:0", "1:nan:0", "1:0:inf", "1:0:0:0"]
)
def test_what_is_no_place_is_refused(place):
    with pytest.raises(ValueError):
        pins.parse(place, "x")


@pytest.fixture
def work(cast):
    return handed_in(cast.enrolment, cast.version.week_rows[1].brief, cast.owner)


@pytest.fixture
def front(work):
    return next(one for one in work.attachments if one.slot == "frente")


def page_of(work):
    return f"/submissions/{work.id}/review"


def texts(page):
    return [one.text.strip() for one in page.root.find_all("textarea", name="pin_text")]


def sent(page, **fields):
    """The form of the review with the fields that lie outside of it."""
    form = page.form_with({"feedback"}, None)
    outside = [one for one in page.root.find_all("input", "textarea", form="grading")]
    values_ = values(form)
    for one in outside:
        said = one.attributes.get("value") if one.name == "input" else one.text.strip()
        values_.setdefault(one.attributes["name"], []).append(said)
    return values_ | {name: [value] for name, value in fields.items()}


def set_mark(person, work, photo, words, region="top-left", page=None):
    page = page or person.get(page_of(work))
    fields = {f"remark-{photo.id}": words, f"region-{photo.id}": region}
    return person.post(page_of(work), sent(page, act=f"pin-{photo.id}", feedback="Va", **fields))


def test_a_mark_is_set_with_words_and_nothing_else_changes(cast, work, front, browser):
    trainer = browser(cast.trainer)
    page = set_mark(trainer, work, front, "Aquí falta luz")
    assert page.status == 200 and texts(page) == ["Aquí falta luz"]
    assert "arriba a la izquierda" in page.text
    assert page.root.find("textarea", name="feedback").text.strip() == "Va"
    circle = page.root.find("svg", class_="pins").find("circle")
    assert (circle.attributes["cx"], circle.attributes["cy"]) == ("16.67%", "16.67%")
    again = set_mark(trainer, work, front, "Y aquí se mueve", "centre-right", page)
    assert texts(again) == ["Aquí falta luz", "Y aquí se mueve"]
    assert db.session.query(ReviewPin).count() == 0


def test_a_mark_without_words_is_asked_for_them(cast, work, front, browser):
    page = set_mark(browser(cast.trainer), work, front, "  ")
    assert page.status == 422 and "Escribe lo que quieres decir" in page.text


def test_the_firm_reads_them_on_its_photo_when_the_review_is_known(cast, work, front, browser):
    trainer, owner = browser(cast.trainer), browser(cast.owner)
    page = set_mark(trainer, work, front, "Canariomarca")
    page = set_mark(trainer, work, front, "Otra", "bottom-right", page)
    trainer.post(f"{page_of(work)}/draft", sent(page))
    for path in (f"/briefs/{work.brief_id}", f"/submissions/{work.id}"):
        assert "Canariomarca" not in owner.get(path).html
    trainer.post(page_of(work), sent(page, act="accept", **ALL))
    for path in (f"/briefs/{work.brief_id}", f"/submissions/{work.id}"):
        seen = owner.get(path)
        assert (
            "1 Canariomarca arriba a la izquierda" in seen.text and "2 Otra abajo a la derecha" in seen.text
        )
        assert len(seen.root.find("svg", class_="pins").find_all("circle")) == 2
        assert seen.root.find("img", src=f"/attachments/{front.id}")
    rival = browser(cast.rival)
    assert rival.get(f"/submissions/{work.id}").status == 404


def test_they_are_part_of_the_draft_and_taken_away_with_their_words(cast, work, front, browser):
    trainer = browser(cast.trainer)
    page = set_mark(trainer, work, front, "Primera")
    page = set_mark(trainer, work, front, "Segunda", "top-right", page)
    assert trainer.post(f"{page_of(work)}/draft", sent(page)).status == 200
    back = trainer.get(page_of(work))
    assert texts(back) == ["Primera", "Segunda"]
    fields = sent(back)
    fields["pin_text"] = ["", "Segunda, mejor"]
    assert trainer.post(f"{page_of(work)}/draft", fields).status == 200
    assert [one["text"] for one in db.session.query(ReviewDraft).one().pins] == ["Segunda, mejor"]


def test_a_held_review_keeps_its_marks_and_gives_them_back(cast, work, front, browser):
    trainer, later = browser(cast.trainer), {"when": "later", "show_on": "2026-10-16", "show_at": "09:00"}
    page = set_mark(trainer, work, front, "Canariomarca")
    trainer.post(page_of(work), sent(page, act="accept", **ALL, **later))
    assert db.session.query(HeldReview).one().remarks[0].text == "Canariomarca"
    assert "Canariomarca" not in browser(cast.owner).get(f"/submissions/{work.id}").html
    assert texts(trainer.get(page_of(work))) == ["Canariomarca"]
    assert texts(trainer.submit(page_of(work), "Retirarla")) == ["Canariomarca"]
    trainer.post(page_of(work), sent(trainer.get(page_of(work)), act="accept", **ALL, **later))
    services.show_now(services.for_review(work))
    assert [one.text for one in db.session.query(Review).one().remarks] == ["Canariomarca"]


def test_marks_on_strange_photos_lost_places_and_too_many_are_refused(cast, work, front, browser):
    def decide(*remarks):
        services.review(
            work,
            Outcome.RETURNED,
            {},
            "x",
            [Pin(*one) for one in remarks],
            revision=work.revision,
            by=cast.trainer,
        )

    other = handed_in(cast.rival_enrolment, cast.version.week_rows[1].brief, cast.rival)
    for remarks in (
        [(other.attachments[0].id, 0.5, 0.5, "x")],
        [(987654, 0.5, 0.5, "x")],
        [(front.id, 0.5, 0.5, "x" * 501)],
        [(front.id, 0.5, 0.5, "x")] * 21,
    ):
        with pytest.raises(Refused):
            decide(*remarks)
    trainer = browser(cast.trainer)
    page = trainer.get(page_of(work))
    fields = sent(page, act="return", feedback="Va bien") | {"pin_place": ["1:2"], "pin_text": ["x"]}
    answer = trainer.post(page_of(work), fields)
    assert answer.status == 422 and "se perdió en el camino" in answer.text and "Va bien" in answer.text
    assert trainer.post(f"{page_of(work)}/draft", fields).status == 422
    fields |= {"pin_place": [f"{front.id}:0.5:0.5"] * 3}
    assert trainer.post(page_of(work), fields).status == 422
    assert db.session.query(Review).count() == 0


def test_a_sign_that_no_database_keeps_is_left_out(cast, work, front, browser):
    trainer = browser(cast.trainer)
    place = {"pin_place": [f"{front.id}:0.5:0.5"], "pin_text": ["a\0b"]}
    trainer.post(page_of(work), sent(trainer.get(page_of(work)), act="return", feedback="V\0a") | place)
    made = db.session.query(Review).one()
    assert (made.feedback, [one.text for one in made.remarks]) == ("Va", ["ab"])

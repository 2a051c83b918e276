"""The size of the letters, the voice and the remembered place: what the server says of them."""

import pytest


def lesson_path(cast):
    return f"/lessons/{cast.version.week_rows[1].lessons[0].id}"


@pytest.mark.parametrize("size", ["2", "3"])
def test_the_size_of_the_letters_comes_with_every_page(cast, browser, size):
    member = browser(cast.owner)
    member.client.set_cookie("text", size)
    for path in (lesson_path(cast), "/course"):
        assert member.get(path).root.find("html").attributes["data-text"] == size


@pytest.mark.parametrize("size", ["1", "9", "", '"><script>'])
def test_any_other_size_is_the_normal_one(cast, browser, size):
    member = browser(cast.owner)
    member.client.set_cookie("text", size)
    page = member.get(lesson_path(cast))
    assert page.status == 200 and "data-text" not in page.root.find("html").attributes


def test_a_lesson_can_be_listened_to_and_says_under_which_name_its_place_is_kept(cast, browser):
    page = browser(cast.owner).get(lesson_path(cast))
    voice = page.root.find("div", data_listen="")
    assert "hidden" in voice.attributes and voice.attributes["data-start"] == "Escuchar"
    place = page.root.find("p", data_place=cast.version.week_rows[1].lessons[0].slug)
    assert "hidden" in place.attributes and "data-done" not in place.attributes
    assert page.root.find("body", data_person=str(cast.owner.id))


def test_the_place_in_a_lesson_that_is_done_is_forgotten(cast, browser):
    member = browser(cast.owner)
    member.submit(lesson_path(cast), "Ya la terminé")
    place = member.get(lesson_path(cast)).root.find("p", data_place=None)
    assert "data-done" in place.attributes

"""How values read on a page, in Spanish and in English."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from flask import g
from flask_babel import force_locale

from lms.permissions import Permission
from lms.web import templating

TODAY = date(2026, 10, 14)


@pytest.fixture
def page(app):
    with app.test_request_context():
        yield


@pytest.mark.usefixtures("page")
@pytest.mark.parametrize(
    ("days", "words"),
    [
        (0, "hoy"), (1, "mañana"), (-1, "ayer"), (2, "este viernes"), (6, "este martes"), (7, "en 7 días"),
        (21, "en 21 días"), (-2, "hace 2 días"), (-30, "hace 30 días"), (22, "jueves 5 de noviembre"),
        (-31, "domingo 13 de septiembre"), (120, "jueves 11 de febrero de 2027"),
    ],
)  # fmt: skip
def test_a_date_is_said_as_people_say_it(days, words):
    assert templating.in_words(TODAY + timedelta(days=days)) == words


@pytest.mark.usefixtures("page")
def test_dates_read_in_spanish():
    moment = datetime(2026, 12, 1, 0, 5, tzinfo=UTC)  # still the evening before in Mexico
    assert templating.long_date(moment) == "lunes 30 de noviembre"
    assert templating.short_date(moment) == "30 nov"
    assert templating.time(moment) == "6:05 p. m."
    assert templating.moment(moment) == "30 nov, 6:05 p. m."
    assert templating.month_name(date(2026, 11, 1)) == "noviembre de 2026"
    assert templating.short_month(date(2026, 11, 1)) == "nov 26"
    assert templating.long_date(date(2025, 1, 6)) == "lunes 6 de enero de 2025"
    assert templating.short_date(date(2025, 1, 6)) == "6 ene 2025"


@pytest.mark.usefixtures("page")
def test_dates_read_in_english_for_who_chose_it():
    with force_locale("en"):
        assert templating.long_date(date(2026, 11, 30)) == "Monday 30 November"
        assert templating.in_words(TODAY) == "today"


@pytest.mark.usefixtures("page")
@pytest.mark.parametrize(
    ("hour", "words"), [(6, "12:00 a. m."), (12, "6:00 a. m."), (18, "12:00 p. m."), (5, "11:00 p. m.")]
)
def test_hours_have_twelve_to_a_half_day(hour, words):
    assert templating.time(datetime(2026, 10, 14, hour, tzinfo=UTC)) == words


@pytest.mark.usefixtures("page")
def test_a_page_may_speak_of_another_time_zone():
    moment = datetime(2026, 10, 14, 6, 30, tzinfo=UTC)
    assert templating.short_date(moment) == "14 oct"
    g.time_zone = "America/Tijuana"
    assert templating.short_date(moment) == "13 oct" and templating.time(moment) == "11:30 p. m."


@pytest.mark.parametrize(
    ("ratio", "words"),
    [
        (1.31, "+31%"),
        (0.92, "−8%"),
        (1, "0%"),
        (Decimal("1.004"), "0%"),
        (Decimal("2"), "+100%"),
        (0, "−100%"),
        (None, "—"),
    ],
)
def test_a_change_reads_with_its_sign(ratio, words):
    assert templating.signed_percent(ratio) == words


def test_thousands_have_their_comma():
    assert (
        templating.plain_number(12400) == "12,400" and templating.plain_number(Decimal("1234.5")) == "1,234.5"
    )


@pytest.mark.usefixtures("page")
def test_an_address_that_this_house_does_not_have_is_none():
    assert templating.url_or_none("home.landing") == "/"
    assert templating.url_or_none("showcase.nothing") is None


@pytest.mark.usefixtures("page")
def test_a_stranger_may_nothing():
    assert not any(
        templating.may(permission) for permission in (Permission.SIGNED_IN, Permission.MANAGE_PEOPLE)
    )


def test_what_people_write_is_escaped_in_every_template(app):
    for name in app.jinja_env.list_templates():
        expected = not name.endswith((".txt", ".typ"))
        assert app.select_jinja_autoescape(name) is expected, name

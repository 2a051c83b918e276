"""Templates live in their room: lms/sales/templates/figures.html is "sales/figures.html". Also: how values
read."""

from collections.abc import MutableMapping
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date
from flask import Flask, current_app, g, render_template, url_for
from flask.templating import Environment
from flask_babel import get_locale
from flask_login import current_user
from jinja2 import ChoiceLoader, FileSystemBytecodeCache, PackageLoader, PrefixLoader
from markupsafe import Markup
from werkzeug.routing import BuildError

from lms.foundation import clock
from lms.foundation.clock import DEFAULT_ZONE
from lms.foundation.i18n import gettext as _
from lms.foundation.money import format_money
from lms.permissions import Permission, can
from lms.web import form_keys, wording


class Templates(Environment):
    """Flask's templates with one plain table of globals for each.

    Jinja chains two tables, and goes through both of them in Python for every import of a macro: several
    hundred times on a page. None of ours changes its globals after the first page.
    """

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return {**self.globals, **(d or {})}


def init_app(app: Flask, rooms: list[str]) -> None:
    """Let the app find the templates of every room, and give them their filters and words."""
    app.jinja_environment = Templates
    # Not trim_blocks: it takes the line break after a tag, and with it the space between two sentences.
    app.jinja_options = app.jinja_options | {"lstrip_blocks": True, "bytecode_cache": _cache(app)}
    of_rooms = {room: PackageLoader(f"lms.{room}") for room in rooms}
    app.jinja_loader = ChoiceLoader([PackageLoader("lms"), PrefixLoader(of_rooms)])
    for function in (
        signed_percent,
        long_date,
        short_date,
        time,
        moment,
        month_name,
        short_month,
        in_words,
        plain_number,
        titled,
    ):
        app.jinja_env.filters[function.__name__] = function
    app.jinja_env.filters["money"] = format_money
    app.jinja_env.globals.update(
        may=may,
        Permission=Permission,
        url_or_none=url_or_none,
        fixed=fixed,
        in_english=in_english,
        site_name=app.config["SITE_NAME"],
        today=local_today,
        new_form_key=form_keys.new_key,
    )


def _cache(app: Flask) -> FileSystemBytecodeCache:
    """Compiled templates outlive a restart: the first page after it need not compile half a dozen of them."""
    folder = Path(app.config["BUILD_DIR"]) / "templates"
    folder.mkdir(parents=True, exist_ok=True)
    return FileSystemBytecodeCache(str(folder))


def may(permission: Permission, thing: object = None) -> bool:
    """Whether to show a button: the same question that the guard asks."""
    return current_user.is_authenticated and can(current_user._get_current_object(), permission, thing)


def url_or_none(endpoint: str, **values) -> str | None:
    """The address of a page, or None where this installation has no such page."""
    try:
        return url_for(endpoint, **values)
    except BuildError:
        return None


def fixed(template: str, **switches: bool) -> Markup:
    """A fragment that holds nothing but words and addresses: rendered once per process for each language
    and each way its switches stand."""
    key = template, wording.language(), *switches.items()
    if key not in _fixed or current_app.debug:
        _fixed[key] = Markup(render_template(template, **switches))
    return _fixed[key]


_fixed: dict[tuple, Markup] = {}


def in_english() -> bool:
    """Whether this page is shown in English: course texts are Spanish, so their English title helps."""
    locale = get_locale()
    return locale is not None and locale.language == "en"


def titled(thing: Any) -> str:
    """The title of a week or an item in the language of the page."""
    return (in_english() and thing.title_en) or thing.title


def zone() -> ZoneInfo:
    """The time zone in which this page speaks of days and hours (a view may set `g.time_zone`)."""
    return ZoneInfo(g.get("time_zone") or DEFAULT_ZONE)


def local_today() -> date:
    return clock.today(str(zone()))


def plain_number(value: int | float | Decimal) -> str:
    """Thousands with a comma, as in Mexico: 12,400."""
    return f"{value:,}"


def signed_percent(ratio: Decimal | float | None) -> str:
    """A change as people read it, from a ratio: 1.31 is `+31%`, 0.92 is `−8%`, 1 is `0%`."""
    if ratio is None:
        return "—"
    change = round((float(ratio) - 1) * 100)
    return f"+{change}%" if change > 0 else f"−{-change}%" if change < 0 else "0%"


def _day(value: date | datetime) -> date:
    return value.astimezone(zone()).date() if isinstance(value, datetime) else value


def _format(day: date, spanish: str, english: str) -> str:
    pattern, locale = (english, "en") if in_english() else (spanish, "es_MX")
    return _formatted(date(day.year, day.month, day.day), pattern, locale)


@lru_cache(maxsize=2048)
def _formatted(day: date, pattern: str, locale: str) -> str:
    """Few days are on many pages, and Babel reads its pattern again for each."""
    return format_date(day, pattern, locale=locale)


def long_date(value: date | datetime) -> str:
    """lunes 30 de noviembre; with the year when it is not this one."""
    day = _day(value)
    if day.year == local_today().year:
        return _format(day, "EEEE d 'de' MMMM", "EEEE d MMMM")
    return _format(day, "EEEE d 'de' MMMM 'de' y", "EEEE d MMMM y")


def short_date(value: date | datetime) -> str:
    """30 nov; with the year when it is not this one."""
    day = _day(value)
    return _format(day, "d MMM" if day.year == local_today().year else "d MMM y", "d MMM y")


def month_name(value: date) -> str:
    """noviembre de 2026."""
    return _format(value, "MMMM 'de' y", "MMMM y")


def short_month(value: date) -> str:
    """nov 26."""
    return _format(value, "MMM yy", "MMM yy")


def time(value: datetime) -> str:
    """6:00 p. m., in the time zone of the page."""
    local = value.astimezone(zone())
    half = "a. m." if local.hour < 12 else "p. m."
    return f"{local.hour % 12 or 12}:{local.minute:02d} {half}"


def moment(value: datetime) -> str:
    """30 nov, 6:00 p. m."""
    return f"{short_date(value)}, {time(value)}"


def in_words(value: date | datetime) -> str:
    """A date as people say it near to it: today, tomorrow, this Friday, 6 days left, 3 days ago."""
    day = _day(value)
    days = (day - local_today()).days
    if days in _NEAR:
        return _NEAR[days]()
    if 2 <= days <= 6:
        return _("this %(weekday)s", weekday=_format(day, "EEEE", "EEEE"))
    if 7 <= days <= 21:
        return _("in %(days)s days", days=days)
    if -30 <= days <= -2:
        return _("%(days)s days ago", days=-days)
    return long_date(day)


_NEAR = {0: lambda: _("today"), 1: lambda: _("tomorrow"), -1: lambda: _("yesterday")}

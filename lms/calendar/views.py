"""The calendar as month, week and list, and the feed that other programs read."""

from datetime import date, timedelta
from itertools import groupby

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    flash,
    g,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import force_locale

from lms.accounts.session import absolute, unkept
from lms.calendar import services, words
from lms.calendar.days import month_of, span, steps, weeks_of_month
from lms.calendar.services import Item
from lms.foundation import mail
from lms.foundation.clock import now, today
from lms.foundation.i18n import gettext as _
from lms.foundation.ics import Entry, write_calendar
from lms.permissions import Permission
from lms.web.forms import ConfirmForm, show_form
from lms.web.guard import me, public, requires

bp = Blueprint("calendar", __name__)

VIEWS = ("month", "week", "list")
# What a calendar program is given: enough behind to look something up, the whole course ahead.
DAYS_BEHIND, DAYS_AHEAD = 60, 400


@bp.get("/calendar")
@requires(Permission.SIGNED_IN)
def calendar():
    g.time_zone = services.zone_of(me())
    view = request.args.get("view", "")
    view = view if view in VIEWS else VIEWS[0]
    day = _day_asked()
    first, last = span(view, day)
    items = services.items_for(me(), first, last)
    return render_template(
        "calendar/calendar.html",
        view=view,
        day=day,
        first=first,
        last=last,
        month=month_of(day),
        weeks=weeks_of_month(day),
        by_day={key: list(group) for key, group in groupby(items, key=lambda item: item.day)},
        steps=steps(view, day),
        title_of=words.title,
        path_of=words.path,
    )


def _day_asked() -> date:
    """The day in the address, as long as it is one that calendars reach; else today."""
    here = today(g.time_zone)
    try:
        day = date.fromisoformat(request.args.get("day", ""))
    except ValueError:
        return here
    return day if abs(day - here) < timedelta(days=3660) else here


@bp.route("/calendar/feed", methods=["GET", "POST"])
@requires(Permission.SIGNED_IN)
def feed():
    form, address = ConfirmForm(), ""
    if form.validate_on_submit():
        address = absolute("calendar.read_feed", token=services.make_feed(by=me()))
    kept = services.feed_of(me())
    return unkept(
        show_form("calendar/feed.html", form, kept=kept, address=address, stop=ConfirmForm(formdata=None))
    )


@bp.post("/calendar/feed/stop")
@requires(Permission.SIGNED_IN)
def stop_feed():
    if ConfirmForm().validate_on_submit():
        services.stop_feed(by=me())
        flash(_("Stopped. The old address opens nothing any more."))
    return redirect(url_for(".feed"))


@bp.get("/calendar/<token>.ics")
@public
def read_feed(token: str):
    reader = services.reader_of(token) or abort(404)
    zone = g.time_zone = services.zone_of(reader)
    here = today(zone)
    items = services.items_for(reader, here - timedelta(DAYS_BEHIND), here + timedelta(DAYS_AHEAD))
    with force_locale(reader.locale):
        entries = [_entry(item) for item in items]
        text = write_calendar(entries, time_zone=zone, name=current_app.config["SITE_NAME"])
    answer = Response(text, content_type="text/calendar; charset=utf-8")
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _entry(item: Item) -> Entry:
    page = words.path(item)
    return Entry(
        uid=f"{item.key}@{mail.site_host()}",
        title=words.title(item),
        begins=item.starts_at or item.day,
        minutes=item.minutes,
        changed_at=now(),
        sequence=item.sequence,
        url=_site() + page if page else "",
    )


def _site() -> str:
    return (current_app.config["SITE_URL"] or request.url_root).rstrip("/")

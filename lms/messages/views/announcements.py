"""Announcements: staff write, send and withdraw them; members read what they received."""

import re

from flask import abort, flash, g, redirect, render_template, request, url_for

from lms.cohorts import schedule
from lms.cohorts.models import Cohort
from lms.curriculum.syllabus import syllabus
from lms.foundation.clock import today
from lms.foundation.i18n import gettext as _
from lms.messages import services, words
from lms.messages.forms import AnnouncementForm
from lms.messages.models import Announcement, Delivery
from lms.messages.views import bp
from lms.permissions import Permission
from lms.web.forms import ConfirmForm, ReasonForm, show_form
from lms.web.guard import me, requires


@bp.get("/cohorts/<int:cohort_id>/announcements")
@requires(Permission.ANNOUNCE, of=Cohort)
def announcements(cohort: Cohort):
    g.time_zone = cohort.time_zone
    return render_template(
        "messages/announcements.html",
        cohort=cohort,
        rows=services.announcements_of(cohort),
        in_words=words.in_words,
    )


@bp.route("/cohorts/<int:cohort_id>/announcements/new", methods=["GET", "POST"])
@requires(Permission.ANNOUNCE, of=Cohort)
def new_announcement(cohort: Cohort):
    g.time_zone = cohort.time_zone
    form = AnnouncementForm.of(cohort, draft=_draft(cohort))
    if form.is_unseen and form.validate():
        return _show(cohort, form, services.who_gets(cohort, form.audience.data))
    if form.validate_on_submit():
        with form.catch_refusal():
            announcement = services.announce(cohort, form.read(), by=me())
            return _done(announcement)
    return _show(cohort, form)


@bp.route("/announcements/<int:announcement_id>/edit", methods=["GET", "POST"])
@requires(Permission.ANNOUNCE, of=Announcement)
def edit_announcement(announcement: Announcement):
    cohort = announcement.cohort
    if request.method == "GET" and not announcement.can_change:
        return redirect(url_for(".show_announcement", announcement_id=announcement.id))
    g.time_zone = cohort.time_zone
    form = AnnouncementForm.of(cohort, announcement)
    if form.is_unseen and form.validate():
        return _show(cohort, form, services.who_gets(cohort, form.audience.data), announcement)
    if form.validate_on_submit():
        with form.catch_refusal():
            services.change(announcement, form.read(), by=me())
            return _done(announcement)
    return _show(cohort, form, announcement=announcement)


def _done(announcement: Announcement):
    flash(_("Ready. It goes out at its time; until then you can change it."))
    return redirect(url_for(".show_announcement", announcement_id=announcement.id))


def _show(cohort: Cohort, form: AnnouncementForm, firms=None, announcement: Announcement | None = None):
    if firms is not None:
        form.shown_for.data = form.audience.data
    return show_form(
        "messages/edit_announcement.html",
        form,
        cohort=cohort,
        firms=firms,
        people=sum(len(firm.people) for firm in firms or ()),
        announcement=announcement,
        week=_next_week(cohort),
        who=words.in_words(form.audience.data, cohort) if firms is not None else "",
    )


def _next_week(cohort: Cohort) -> int:
    week = schedule.week_of(cohort.starts_on, today(cohort.time_zone)) + 1
    return week if week <= cohort.course_version.weeks else 0


def _draft(cohort: Cohort) -> dict[str, str]:
    """The summary of the week that comes, as the course has it, when somebody asked for it."""
    week = _next_week(cohort)
    if "week" not in request.args or not week:
        return {}
    taught = syllabus(cohort.course_version_id)
    title = next((one for one in taught.weeks if one.number == week), None)
    if title is None:
        return {}
    text = render_template(
        "messages/week_summary.txt",
        week=title,
        entries=[entry for entry in taught.entries if entry.week == week and not entry.optional],
        opens_on=schedule.opens_on(cohort.starts_on, week),
        due_on=schedule.due_on(cohort.starts_on, week),
    )
    return {
        "title": _("What comes in week %(week)s", week=week),
        "text": re.sub(r"\n{3,}", "\n\n", text).strip(),
    }


@bp.get("/announcements/<int:announcement_id>")
@requires(Permission.ANNOUNCE, of=Announcement)
def show_announcement(announcement: Announcement):
    g.time_zone = announcement.cohort.time_zone
    deliveries = services.deliveries_of(announcement)
    return render_template(
        "messages/show_announcement.html",
        announcement=announcement,
        deliveries=deliveries,
        seen=sum(1 for delivery in deliveries if delivery.seen_at),
        who=words.in_words(announcement.audience, announcement.cohort),
    )


@bp.route("/announcements/<int:announcement_id>/withdraw", methods=["GET", "POST"])
@requires(Permission.ANNOUNCE, of=Announcement)
def withdraw_announcement(announcement: Announcement):
    form = ReasonForm()
    if form.validate_on_submit():
        with form.catch_refusal():
            services.withdraw(announcement, form.reason.data or "", by=me())
            flash(_("Withdrawn. Nobody reads it any more."))
            return redirect(url_for(".show_announcement", announcement_id=announcement.id))
    return show_form("messages/withdraw_announcement.html", form, announcement=announcement)


@bp.get("/announcements")
@requires(Permission.ACT_FOR_FIRM)
def my_announcements():
    return render_template("messages/my_announcements.html", deliveries=services.delivered_to(me()))


@bp.get("/announcements/read/<int:delivery_id>")
@requires(Permission.READ_DELIVERY, of=Delivery)
def open_announcement(delivery: Delivery):
    if delivery.announcement.withdrawn_at is not None:
        abort(404)
    g.time_zone = delivery.enrolment.cohort.time_zone
    return render_template("messages/open_announcement.html", delivery=delivery, form=ConfirmForm())


@bp.post("/announcements/read/<int:delivery_id>/seen")
@requires(Permission.READ_DELIVERY, of=Delivery)
def see_announcement(delivery: Delivery):
    if not ConfirmForm().validate_on_submit():
        abort(400)
    services.see(delivery, by=me())
    return redirect(url_for(".my_announcements"))

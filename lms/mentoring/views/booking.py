"""Pages on which mentors offer hours, and firms book one, move it or call it off."""

from itertools import groupby
from typing import Any

from flask import flash, g, redirect, render_template, url_for

from lms.foundation.i18n import gettext as _
from lms.mentoring import services
from lms.mentoring.forms.booking import WEEKDAYS, BookForm, HoursForm, MoveForm, fill_in
from lms.mentoring.forms.meetings import WhenForm
from lms.mentoring.models import ActionOwner, Availability, Session
from lms.mentoring.slots import Slot
from lms.mentoring.views import bp
from lms.mentoring.views.around import chat_about, own_enrolment
from lms.permissions import Permission
from lms.web.forms import ConfirmForm, show_form
from lms.web.guard import me, requires
from lms.web.templating import long_date

# Hours on offer


@bp.route("/mentoring/hours", methods=["GET", "POST"])
@requires(Permission.WORK_AS_STAFF)
def hours():
    form = HoursForm()
    if form.validate_on_submit():
        with form.catch_refusal():
            services.offer_hours(**form.offered, by=me())
            flash(_("Saved. Your firms can book these hours now."))
            return redirect(url_for(".hours"))
    g.time_zone = services.zone_of(me())
    return show_form(
        "mentoring/hours.html",
        form=form,
        offered=services.hours_of(me()),
        weekdays=WEEKDAYS,
        drop=ConfirmForm(formdata=None),
    )


@bp.post("/mentoring/hours/<int:availability_id>/drop")
@requires(Permission.KEEP_HOURS, of=Availability)
def drop_hours(availability: Availability):
    if ConfirmForm().validate_on_submit():
        services.drop_hours(availability, by=me())
        flash(_("Taken out. What was booked stays."))
    return redirect(url_for(".hours"))


# Booking


@bp.route("/sessions/book", methods=["GET", "POST"])
@requires(Permission.ACT_FOR_FIRM)
def book():
    enrolment = own_enrolment()
    if enrolment is None:
        return render_template("mentoring/no_course.html")
    form = BookForm()
    if form.validate_on_submit():
        with form.catch_refusal():
            session = services.book(enrolment, form.slot.data, by=me())
            flash(_("Booked: %(day)s. Your mentor has been told.", day=long_date(session.starts_at)))
            return redirect(url_for(".agreements"))
    return show_form(
        "mentoring/book.html",
        form=form,
        days=_by_day(services.free_slots(enrolment)),
        mentor=services.mentor_of(enrolment),
        ahead=services.booked_ahead(enrolment),
        chat=chat_about(enrolment, url_for(".agreements")),
    )


def _by_day(slots: list[Slot]) -> list[tuple[tuple[str, str, int], list[Slot]]]:
    """The slots under their day, kind and length, in the time zone of the page."""

    def head(slot: Slot) -> tuple[str, str, int]:
        return long_date(slot.starts_at), slot.kind, slot.minutes

    return [(what, list(those)) for what, those in groupby(slots, key=head)]


@bp.route("/sessions/<int:session_id>/move", methods=["GET", "POST"])
@requires(Permission.MOVE_SESSION, of=Session)
def move_session(session: Session):
    zone = g.time_zone = session.enrolment.cohort.time_zone
    if services.side_of(me(), session.enrolment) is ActionOwner.FIRM:
        return _move_to_slot(session)
    form: WhenForm = fill_in(MoveForm(), session.starts_at, session.minutes, zone)
    if form.validate_on_submit():
        with form.catch_refusal():
            services.move_session(session, form.starts_at(zone), form.minutes.data, by=me())
            flash(_("Moved. The firm has been told."))
            return redirect(url_for(".sessions"))
    return _show_move(session, form)


def _move_to_slot(session: Session):
    form = BookForm()
    if form.validate_on_submit():
        with form.catch_refusal():
            services.move_to_slot(session, form.slot.data, by=me())
            flash(_("Moved. Your mentor has been told."))
            return redirect(url_for(".agreements"))
    slots = services.free_slots(session.enrolment, session.host, moving=session)
    return _show_move(session, form, days=_by_day(slots))


@bp.route("/sessions/<int:session_id>/cancel", methods=["GET", "POST"])
@requires(Permission.MOVE_SESSION, of=Session)
def cancel_session(session: Session):
    g.time_zone = session.enrolment.cohort.time_zone
    form = ConfirmForm()
    if form.validate_on_submit():
        with form.catch_refusal():
            services.cancel_session(session, by=me())
            flash(_("Called off. The other side has been told."))
            return redirect(url_for(".agreements" if me().firm_id == session.firm_id else ".sessions"))
    return _show_change("mentoring/cancel_session.html", session, form)


def _show_move(session: Session, form: Any, days: Any = ()):
    return _show_change("mentoring/move_session.html", session, form, days=days)


def _show_change(template: str, session: Session, form: Any, **more: Any):
    return show_form(
        template,
        form=form,
        session=session,
        may_change=services.is_changeable(session, me()),
        until=services.change_until(session),
        chat=chat_about(session.enrolment, url_for(".agreements")),
        **more,
    )

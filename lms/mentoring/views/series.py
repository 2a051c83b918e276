"""The page of sessions that repeat: seen, moved and ended together."""

from flask import flash, g, redirect, url_for

from lms.foundation.i18n import gettext as _
from lms.mentoring import services
from lms.mentoring.forms.booking import REPEATS, MoveSeriesForm, fill_in
from lms.mentoring.models import MeetingSeries
from lms.mentoring.views import bp
from lms.permissions import Permission
from lms.web.forms import ConfirmForm, Form, show_form
from lms.web.guard import me, requires


@bp.route("/series/<int:meeting_series_id>", methods=["GET", "POST"])
@requires(Permission.HOLD_SESSION, of=MeetingSeries)
def series(meeting_series: MeetingSeries):
    form = MoveSeriesForm()
    if form.validate_on_submit():
        with form.catch_refusal():
            services.move_series(meeting_series, form.day.data, form.hour.data, by=me())
            flash(_("Moved. The firm has been told."))
            return redirect(url_for(".series", meeting_series_id=meeting_series.id))
    return _show(meeting_series, form)


@bp.post("/series/<int:meeting_series_id>/end")
@requires(Permission.HOLD_SESSION, of=MeetingSeries)
def end_series(meeting_series: MeetingSeries):
    form = ConfirmForm()
    if form.validate_on_submit():
        with form.catch_refusal():
            services.end_series(meeting_series, by=me())
            flash(_("Ended. The firm has been told."))
            return redirect(url_for(".series", meeting_series_id=meeting_series.id))
    move = MoveSeriesForm(formdata=None)
    move.form_errors.extend(form.form_errors)
    return _show(meeting_series, move)


def _show(series: MeetingSeries, form: Form):
    zone = g.time_zone = series.enrolment.cohort.time_zone
    ahead = services.sessions_ahead(series)
    if ahead and not form.has_errors:
        fill_in(form, ahead[0].starts_at, series.minutes, zone)
    return show_form(
        "mentoring/series.html",
        form=form,
        end=ConfirmForm(formdata=None),
        series=series,
        ahead=ahead,
        rhythms=REPEATS,
    )

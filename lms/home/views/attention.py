"""Why firms need someone: from when on, putting a reason off, and taking it up again."""

from flask import flash, g, redirect, render_template, url_for

from lms.cohorts import services as cohorts
from lms.cohorts.models import Cohort, Enrolment
from lms.foundation.clock import today
from lms.foundation.i18n import gettext as _
from lms.home.forms import PutOffForm, ThresholdsForm
from lms.home.trend import trend_of
from lms.home.views import bp
from lms.mentoring import services as mentoring
from lms.mentoring.models import Snooze
from lms.permissions import Permission
from lms.standing import services as standing
from lms.standing.attention import CAN_WAIT, Reason, is_put_off, reasons
from lms.standing.words import reason_in_words, thresholds_in_words
from lms.web.forms import ConfirmForm, show_form
from lms.web.guard import me, requires

_WAITING = ",".join(CAN_WAIT)


@bp.route(f"/enrolments/<int:enrolment_id>/reasons/<any({_WAITING}):reason>", methods=["GET", "POST"])
@requires(Permission.MENTOR_ENROLMENT, of=Enrolment)
def put_off_reason(enrolment: Enrolment, reason: str):
    g.time_zone = enrolment.cohort.time_zone
    form, found = PutOffForm(), _reason(enrolment, reason)
    if found is None:
        flash(_("That is not so any more."))
        return redirect(_why(enrolment.id))
    if form.validate_on_submit():
        with form.catch_refusal():
            mentoring.put_off(enrolment, **_as_it_is(found), **form.wanted, by=me())
            flash(_("Put off. It comes back by itself."))
            return redirect(_why(enrolment.id))
    form.begin(today(enrolment.cohort.time_zone))
    words = reason_in_words(found)
    return show_form("home/put_off_reason.html", form, enrolment=enrolment, found=found, words=words)


@bp.post("/snoozes/<int:snooze_id>/take-up")
@requires(Permission.MENTOR_ENROLMENT, of=Snooze)
def take_up_reason(snooze: Snooze):
    if ConfirmForm().validate_on_submit():
        mentoring.take_up_again(snooze, by=me())
        flash(_("It is on the list again."))
    return redirect(_why(snooze.enrolment_id))


@bp.get("/cohorts/<int:cohort_id>/attention")
@requires(Permission.READ_COHORT, of=Cohort)
def cohort_attention(cohort: Cohort):
    g.time_zone = cohort.time_zone
    limits = thresholds_in_words(cohorts.thresholds_of(cohort))
    trend = trend_of(cohort)
    return render_template("home/cohort_attention.html", cohort=cohort, limits=limits, trend=trend)


@bp.route("/cohorts/<int:cohort_id>/attention/rules", methods=["GET", "POST"])
@requires(Permission.MANAGE_COHORT, of=Cohort)
def edit_thresholds(cohort: Cohort):
    form = ThresholdsForm(obj=cohorts.thresholds_of(cohort))
    if form.validate_on_submit():
        with form.catch_refusal():
            cohorts.write_thresholds(cohort, form.wanted, by=me())
            flash(_("Saved."))
            return redirect(url_for(".cohort_attention", cohort_id=cohort.id))
    return show_form("home/edit_thresholds.html", form, cohort=cohort)


def why(enrolment: Enrolment, current: standing.Standing) -> list[tuple[Reason, Snooze | None]]:
    """The reasons that hold today, each with what put it off."""
    day = today(enrolment.cohort.time_zone)
    kept = {one.reason: one for one in reversed(mentoring.put_off_now(enrolment))}
    return [
        (one, kept[one.key] if one.key in kept and is_put_off(one, current.put_off, day) else None)
        for one in reasons(current, day)
    ]


def _reason(enrolment: Enrolment, key: str) -> Reason | None:
    found = reasons(standing.standing_of(enrolment), today(enrolment.cohort.time_zone))
    return next((one for one in found if one.key == key), None)


def _as_it_is(reason: Reason) -> dict:
    return {"reason": reason.key, "since": reason.since, "number": reason.number}


def _why(enrolment_id: int) -> str:
    return url_for("home.firm_page", enrolment_id=enrolment_id, _anchor="why")

"""A new attempt at a quiz or at the test: staff give it to one person, with a reason, and take it back."""

from flask import abort, flash, g, redirect, url_for

from lms.accounts.services.people import membership_of
from lms.cohorts.models import Enrolment
from lms.foundation.i18n import gettext as _
from lms.gradebook.forms import ReasonForm
from lms.gradebook.views import bp
from lms.learning import resets
from lms.learning.models import AttemptReset, SittingMoment
from lms.learning.services import quiz_of
from lms.permissions import Permission
from lms.web.forms import ConfirmForm, show_form
from lms.web.guard import me, requires


@bp.route(
    "/enrolments/<int:enrolment_id>/people/<int:user_id>/quizzes/<int:quiz_id>/new", methods=["GET", "POST"]
)
@requires(Permission.GIVE_NEW_ATTEMPT, of=Enrolment)
def give_quiz_again(enrolment: Enrolment, user_id: int, quiz_id: int):
    person, quiz = _person(enrolment, user_id), quiz_of(enrolment, quiz_id) or abort(404)
    form, week = ReasonForm(), quiz.week.number
    if form.validate_on_submit():
        with form.catch_refusal():
            resets.give_quiz_again(enrolment, user_id, quiz, form.reason.data, by=me())
            return _done(enrolment, _("Given. %(name)s has been told.", name=person.first_name), week)
    return show_form(
        "gradebook/give_again.html", form, enrolment=enrolment, person=person, quiz=quiz, week=week
    )


@bp.route("/enrolments/<int:enrolment_id>/people/<int:user_id>/test/<moment>/new", methods=["GET", "POST"])
@requires(Permission.GIVE_NEW_ATTEMPT, of=Enrolment)
def give_test_again(enrolment: Enrolment, user_id: int, moment: str):
    if moment not in list(SittingMoment):
        abort(404)
    person, form = _person(enrolment, user_id), ReasonForm()
    if form.validate_on_submit():
        with form.catch_refusal():
            asked = SittingMoment(moment)
            resets.give_test_again(enrolment, user_id, asked, form.reason.data, by=me())
            return _done(enrolment, _("Given. %(name)s has been told.", name=person.first_name))
    return show_form("gradebook/give_again.html", form, enrolment=enrolment, person=person, moment=moment)


@bp.post("/attempt-resets/<int:attempt_reset_id>/undo")
@requires(Permission.GIVE_NEW_ATTEMPT, of=AttemptReset)
def take_attempt_back(attempt_reset: AttemptReset):
    form = ConfirmForm()
    if form.validate_on_submit():
        with form.catch_refusal():
            resets.take_back(attempt_reset, by=me())
            return _done(attempt_reset.enrolment, _("Undone. What was answered before counts again."))
    return show_form("gradebook/undo_refused.html", form, enrolment=attempt_reset.enrolment)


def _person(enrolment: Enrolment, user_id: int):
    place = membership_of(enrolment.firm_id, user_id) or abort(404)
    g.time_zone = enrolment.cohort.time_zone
    return place.user


def _done(enrolment: Enrolment, said: str, week: int | None = None):
    flash(said)
    anchor = f"week-{week}" if week is not None else None
    return redirect(url_for(".firm_marks", enrolment_id=enrolment.id, week=week, _anchor=anchor))

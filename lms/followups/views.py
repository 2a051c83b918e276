"""Pages of follow-ups: the form by link or signed in, and who answered, for those who lead and train."""

from urllib.parse import quote

from flask import Blueprint, abort, g, render_template

from lms.accounts.session import absolute, unkept
from lms.cohorts.models import Cohort
from lms.followups import services
from lms.followups.forms import SELLING, follow_up_form
from lms.followups.models import FollowUp
from lms.followups.rules import MONTHS_AFTER, Selling
from lms.foundation.clock import today
from lms.foundation.i18n import gettext as _
from lms.permissions import Permission
from lms.sales.words import CHANNELS
from lms.web.forms import ConfirmForm, show_form
from lms.web.guard import me, public, requires

bp = Blueprint("followups", __name__)


@bp.route("/follow-up/<token>", methods=["GET", "POST"])
@public
def answer_by_link(token: str):
    """Whoever has the link may answer for its person, and reads nothing of what the firm wrote before."""
    link = services.find_link(token) or abort(404)
    return unkept(_form_page(link.follow_up, link.user, signed_in=False))


@bp.route("/follow-ups/<int:follow_up_id>", methods=["GET", "POST"])
@requires(Permission.ANSWER_FOLLOW_UP, of=FollowUp)
def answer(follow_up: FollowUp):
    return _form_page(follow_up, me(), signed_in=True)


def _form_page(follow_up: FollowUp, person, *, signed_in: bool):
    g.time_zone = follow_up.enrolment.cohort.time_zone
    words = {"follow_up": follow_up, "person": person, "signed_in": signed_in, "channel_words": CHANNELS}
    form = follow_up_form(services.asked_of(follow_up))
    # The form is asked first: a second tap gets the first one's answer, not "this was answered".
    if form.validate_on_submit():
        with form.catch_refusal():
            services.answer(follow_up, form.said(), Selling(form.selling.data), by=person)
            return render_template("followups/thanks.html", **words)
    if not services.is_open(follow_up):
        return render_template("followups/thanks.html", **words)
    return show_form("followups/answer.html", form, **words)


@bp.get("/cohorts/<int:cohort_id>/follow-ups")
@requires(Permission.READ_COHORT, of=Cohort)
def cohort_follow_ups(cohort: Cohort):
    g.time_zone = cohort.time_zone
    return render_template(
        "followups/cohort.html",
        cohort=cohort,
        rows=services.of_cohort(cohort),
        counts=services.counts([cohort]),
        months_after=MONTHS_AFTER,
        selling=SELLING,
        day=today(cohort.time_zone),
    )


@bp.route("/follow-ups/<int:follow_up_id>/people/<int:user_id>/link", methods=["GET", "POST"])
@requires(Permission.ASK_FOLLOW_UP, of=FollowUp)
def make_link(follow_up: FollowUp, user_id: int):
    g.time_zone = follow_up.enrolment.cohort.time_zone
    people = follow_up.enrolment.firm.people
    user = next((person for person in people if person.id == user_id), None) or abort(404)
    form, link, chat = ConfirmForm(), "", ""
    if form.validate_on_submit():
        with form.catch_refusal():
            link = absolute("followups.answer_by_link", token=services.make_link(follow_up, user, by=me()))
            # What goes through another company's servers names nobody.
            text = _("One minute: how are your sales going? Answer here: %(link)s", link=link)
            chat = f"https://wa.me/?text={quote(text, safe='')}"
    return unkept(
        show_form("followups/make_link.html", form, follow_up=follow_up, user=user, link=link, chat=chat)
    )

"""The first page of each role, and the pages that gather what several rooms know."""

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from lms.accounts import services as accounts
from lms.assignments import services as assignments
from lms.cohorts import services as cohorts
from lms.cohorts.models import Enrolment, Programme
from lms.graduation import services as graduation
from lms.home import gather, milestones, words
from lms.home.firm_week import week_of_firm
from lms.home.forms import LANGUAGES, LanguageForm
from lms.home.views import bp
from lms.home.views.attention import why
from lms.home.views.today import today_page
from lms.learning import sittings
from lms.mentoring import services as mentoring
from lms.permissions import Permission, Role
from lms.tools import services as tools
from lms.web.forms import ConfirmForm, show_form
from lms.web.guard import me, public, requires
from lms.web.style import style_page


@bp.get("/")
@public
def landing():
    if current_user.is_authenticated:
        return redirect(url_for("home.start"))
    return render_template(
        "home/landing.html", courses=gather.newest_courses(), reports=gather.public_reports()
    )


@bp.get("/home")
@requires(Permission.SIGNED_IN)
def start():
    pages = {Role.MEMBER: _member, Role.LEAD: _lead, Role.ADMIN: _admin}
    return pages.get(me().role, today_page)()


def _member():
    home = gather.member_home(me())
    if home is None:
        return render_template("home/no_firm.html")
    g.time_zone = home.enrolment.cohort.time_zone
    return render_template(
        "home/member_home.html",
        home=home,
        criteria=home.criteria,
        new_form=ConfirmForm,
        **words.of(home.enrolment),
    )


def _lead():
    led = gather.programmes_led_by(me())
    if not led:
        return render_template("home/no_programme.html")
    return _summary(led[0])


def _admin():
    return redirect(url_for("accounts.people"))


@bp.get("/programmes/<int:programme_id>")
@requires(Permission.READ_PROGRAMME, of=Programme)
def programme_summary(programme: Programme):
    return _summary(programme)


def _summary(programme: Programme):
    lines, led = gather.cohort_lines(programme), gather.programmes_led_by(me())
    return render_template(
        "home/lead_summary.html",
        programme=programme,
        programmes=led,
        lines=lines,
        pauses=cohorts.open_pause_requests(me(), programme.id),
        oldest=min((line.oldest_wait for line in lines if line.oldest_wait), default=None),
        trainers=gather.trainers_of(programme),
        chart=milestones.reached_chart(lines),
        programme_tabs=[
            {
                "url": url_for(".programme_summary", programme_id=one.id),
                "label": one.name,
                "current": one.id == programme.id,
            }
            for one in led
        ],
    )


@bp.get("/progress")
@requires(Permission.ACT_FOR_FIRM)
def progress():
    enrolment = cohorts.current_enrolment(me().firm_id)
    if enrolment is None:
        return render_template("home/no_firm.html")
    g.time_zone = enrolment.cohort.time_zone
    candidate = graduation.preview(enrolment)
    return render_template(
        "home/progress.html",
        standing=candidate.standing,
        milestones=milestones.for_member(enrolment, candidate.standing),
        chart=milestones.sales_chart(enrolment),
        criteria=candidate.criteria,
        **words.of(enrolment),
    )


@bp.get("/firms")
@requires(Permission.WORK_AS_STAFF)
def firms():
    cohort, only = request.args.get("cohort", 0, type=int), request.args.get("only", "")
    rows = gather.attention_of(me())
    named = gather.cohort_names(rows)
    rows = [
        row for row in rows if cohort in (0, row.standing.cohort_id) and (only != "attention" or row.reasons)
    ]
    return render_template(
        "home/firms.html", rows=rows, cohorts=named, cohort=cohort, only=only, **words.of()
    )


@bp.get("/enrolments/<int:enrolment_id>")
@requires(Permission.MENTOR_ENROLMENT, of=Enrolment)
def firm_page(enrolment: Enrolment):
    g.time_zone = enrolment.cohort.time_zone
    candidate, sessions = graduation.preview(enrolment), mentoring.sessions_of(enrolment)
    submissions = assignments.submissions_of(enrolment)
    return render_template(
        "home/firm_page.html",
        week=week_of_firm(_week(), enrolment, candidate.standing, submissions, sessions),
        enrolment=enrolment,
        standing=candidate.standing,
        reasons=why(enrolment, candidate.standing),
        new_form=ConfirmForm,
        submissions=submissions,
        sessions=sessions,
        notes_of=gather.notes_by_session(me(), enrolment),
        actions=mentoring.open_actions([enrolment.id])[enrolment.id],
        help=mentoring.help_requests_of(enrolment),
        people=[place.user for place in accounts.members_of(enrolment.firm_id)],
        milestones=milestones.for_staff(enrolment, candidate.standing),
        chart=milestones.sales_chart(enrolment),
        sheets=tools.sheets_in(enrolment),
        sittings=sittings.sittings_in(enrolment),
        criteria=candidate.criteria,
        **words.of(enrolment),
    )


def _week() -> int:
    """The week that a cell of the grid asked for."""
    return request.args.get("week", -1, type=int)


@bp.route("/account", methods=["GET", "POST"])
@requires(Permission.SIGNED_IN)
def account():
    form = LanguageForm()
    if form.validate_on_submit():
        accounts.choose_language(form.locale.data, by=me())
        g.locale = form.locale.data
        flash(_("Saved."))
        return redirect(url_for("home.account"))
    return show_form("home/account.html", form=form, languages=LANGUAGES)


@bp.get("/privacy")
@public
def privacy():
    return render_template("home/privacy.html")


@bp.get("/accessibility")
@public
def accessibility():
    return render_template("home/accessibility.html")


@bp.get("/style")
@requires(Permission.WORK_AS_STAFF)
def style():
    """The living style page."""
    if me().role is not Role.ADMIN:
        abort(404)
    return style_page()

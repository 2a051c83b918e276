"""One cohort: its page, opening and changing it, its course version, its mentors, and inviting a firm."""

from collections.abc import Callable

from flask import flash, redirect, render_template, url_for
from wtforms.fields.choices import SelectChoice

from lms.accounts import services as accounts
from lms.accounts.models import Invitation
from lms.accounts.rfc import is_doubtful
from lms.cohorts import services
from lms.cohorts.forms import KINDS, STATE_WORDS, CohortForm, InviteForm, NewCohortForm, VersionForm
from lms.cohorts.models import Cohort, Enrolment, Programme
from lms.cohorts.rules import GraduationRules
from lms.cohorts.schedule import ends_on, week_of
from lms.cohorts.views import bp
from lms.curriculum import services as curriculum
from lms.curriculum.models import CourseVersion
from lms.foundation.clock import now, today
from lms.foundation.db import db
from lms.foundation.i18n import gettext as _
from lms.permissions import Permission, Role
from lms.web.form_keys import new_key
from lms.web.forms import ConfirmForm, show_form
from lms.web.guard import me, requires


@bp.get("/cohorts/<int:cohort_id>")
@requires(Permission.READ_COHORT, of=Cohort)
def show_cohort(cohort: Cohort):
    enrolments = services.enrolments_of(cohort)
    mentors = services.possible_mentors(cohort)
    return render_template(
        "cohorts/show_cohort.html",
        cohort=cohort,
        enrolments=enrolments,
        invitations=accounts.pending_invitations([enrolment.firm_id for enrolment in enrolments]),
        mentors=mentors,
        loads=services.mentor_loads(mentors),
        capacities=services.capacities(mentors),
        act_url=_invitation_urls,
        new_key=new_key,
        **_facts(cohort),
    )


@bp.route("/programmes/<int:programme_id>/cohorts/new", methods=["GET", "POST"])
@requires(Permission.LEAD_PROGRAMME, of=Programme)
def new_cohort(programme: Programme):
    form = _with_trainers(NewCohortForm.of(None))
    versions = {version.id: version for version in services.published_versions()}
    form.course_version_id.choices = [
        SelectChoice(version.id, _version_name(version)) for version in versions.values()
    ]
    if form.validate_on_submit():
        with form.catch_refusal():
            version = versions[form.course_version_id.data]
            cohort = services.open_cohort(programme, version, form.read(), by=me())
            flash(_("The cohort is open. Now invite its firms."))
            return redirect(url_for(".show_cohort", cohort_id=cohort.id))
    return show_form("cohorts/edit_cohort.html", form, programme=programme, cohort=None, started=False)


@bp.route("/cohorts/<int:cohort_id>/edit", methods=["GET", "POST"])
@requires(Permission.MANAGE_COHORT, of=Cohort)
def edit_cohort(cohort: Cohort):
    form, started = _with_trainers(CohortForm.of(cohort)), services.has_started(cohort)
    if started:
        form.keep_promises(cohort)
    if form.validate_on_submit():
        with form.catch_refusal():
            services.change_cohort(cohort, form.read(), by=me())
            flash(_("Saved."))
            return redirect(url_for(".show_cohort", cohort_id=cohort.id))
    return show_form(
        "cohorts/edit_cohort.html",
        form,
        programme=cohort.programme,
        cohort=cohort,
        started=started,
        **_facts(cohort),
    )


@bp.route("/cohorts/<int:cohort_id>/version", methods=["GET", "POST"])
@requires(Permission.MANAGE_COHORT, of=Cohort)
def move_version(cohort: Cohort):
    others, form = services.other_versions(cohort), VersionForm()
    form.course_version_id.choices = [SelectChoice(version.id, _version_name(version)) for version in others]
    if form.validate_on_submit():
        with form.catch_refusal():
            version = db.session.get_one(CourseVersion, form.course_version_id.data)
            services.move_cohort(cohort, version, by=me())
            flash(_("The cohort now takes %(version)s.", version=_version_name(version)))
            return redirect(url_for(".show_cohort", cohort_id=cohort.id))
    changes = {version.id: curriculum.diff(cohort.course_version, version) for version in others}
    return show_form(
        "cohorts/move_version.html", form, cohort=cohort, others=others, name=_version_name, changes=changes
    )


@bp.route("/cohorts/<int:cohort_id>/invite", methods=["GET", "POST"])
@requires(Permission.MANAGE_COHORT, of=Cohort)
def invite_firm(cohort: Cohort):
    form = InviteForm(sector=str(cohort.course_version.course.sector))
    if form.validate_on_submit():
        with form.catch_refusal():
            services.invite_firm(cohort, form.read(), by=me())
            flash(_("Invited. %(name)s has 7 days to accept.", name=form.person.data))
            if is_doubtful(form.rfc.data or ""):
                flash(_("The last character of the RFC does not add up. Check it with the firm."), "warning")
            return redirect(url_for(".show_cohort", cohort_id=cohort.id))
    return show_form("cohorts/invite_firm.html", form, cohort=cohort)


@bp.route("/cohorts/<int:cohort_id>/share", methods=["GET", "POST"])
@requires(Permission.MANAGE_COHORT, of=Cohort)
def share_mentors(cohort: Cohort):
    form = ConfirmForm()
    if form.validate_on_submit():
        with form.catch_refusal():
            count = services.share_evenly(cohort, by=me())
            flash(_("%(count)s firms have a mentor now.", count=count))
            return redirect(url_for(".show_cohort", cohort_id=cohort.id))
    return show_form("cohorts/share_mentors.html", form, cohort=cohort, plan=services.plan_sharing(cohort))


def _with_trainers(form: CohortForm) -> CohortForm:
    form.trainers.choices = [
        SelectChoice(person.id, person.name) for person in accounts.people_with_role(Role.TRAINER)
    ]
    return form


def _version_name(version: CourseVersion) -> str:
    return _("%(title)s, version %(number)s", title=version.title, number=version.number)


def _invitation_urls(enrolment: Enrolment) -> Callable[[Invitation, str], str]:
    """The addresses of the buttons of a firm's invitations."""
    return lambda invitation, act: url_for(
        ".answer_invitation", enrolment_id=enrolment.id, invitation_id=invitation.id, act=act
    )


def _facts(cohort: Cohort) -> dict:
    """What the pages of a cohort say of it: its dates, its rules, and the words for states."""
    weeks = cohort.course_version.weeks
    return {
        "rules": GraduationRules.from_json(cohort.rules),
        "week": min(week_of(cohort.starts_on, today(cohort.time_zone)), weeks),
        "weeks": weeks,
        "ends_on": ends_on(cohort.starts_on, weeks),
        "words": STATE_WORDS,
        "kinds": KINDS,
        "comfortable": services.COMFORTABLE_LOAD,
        "now": now(),
    }

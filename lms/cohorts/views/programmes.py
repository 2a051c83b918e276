"""The list of programmes; making and changing one."""

from flask import abort, flash, redirect, render_template, url_for
from wtforms.fields.choices import SelectChoice

from lms.accounts import services as accounts
from lms.cohorts import services
from lms.cohorts.forms import ProgrammeForm
from lms.cohorts.models import Programme
from lms.cohorts.views import bp
from lms.foundation.db import db
from lms.foundation.i18n import gettext as _
from lms.permissions import Permission, Role
from lms.web.forms import show_form
from lms.web.guard import me, requires


@bp.get("/programmes")
@requires(Permission.WORK_AS_STAFF)
def programmes():
    if me().role not in (Role.LEAD, Role.ADMIN):
        abort(404)
    found = db.session.scalars(services.programmes_visible_to(me())).all()
    return render_template("cohorts/programmes.html", programmes=found)


@bp.route("/programmes/new", methods=["GET", "POST"])
@requires(Permission.MANAGE_PROGRAMMES)
def new_programme():
    form = _with_leads(ProgrammeForm())
    if form.validate_on_submit():
        with form.catch_refusal():
            programme = services.create_programme(form.read(), by=me())
            flash(_("“%(name)s” is ready. Its leads can open cohorts.", name=programme.name))
            return redirect(url_for(".programmes"))
    return show_form("cohorts/edit_programme.html", form, programme=None)


@bp.route("/programmes/<int:programme_id>/edit", methods=["GET", "POST"])
@requires(Permission.MANAGE_PROGRAMMES, of=Programme)
def edit_programme(programme: Programme):
    form = _with_leads(ProgrammeForm.of(programme))
    if form.validate_on_submit():
        with form.catch_refusal():
            services.change_programme(programme, form.read(), by=me())
            flash(_("Saved."))
            return redirect(url_for(".programmes"))
    return show_form("cohorts/edit_programme.html", form, programme=programme)


def _with_leads(form: ProgrammeForm) -> ProgrammeForm:
    form.leads.choices = [SelectChoice(lead.id, lead.name) for lead in accounts.people_with_role(Role.LEAD)]
    return form

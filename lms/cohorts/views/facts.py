"""The dated figures in a programme's courses: what its lead writes, and what should be read again."""

from flask import abort, flash, redirect, render_template, url_for

from lms.cohorts import services
from lms.cohorts.forms import FactForm
from lms.cohorts.models import Programme
from lms.cohorts.views import bp
from lms.foundation.i18n import gettext as _
from lms.permissions import Permission
from lms.web.forms import show_form
from lms.web.guard import me, requires
from lms.web.templating import local_today


@bp.get("/programmes/<int:programme_id>/facts")
@requires(Permission.READ_PROGRAMME, of=Programme)
def programme_facts(programme: Programme):
    facts = services.facts_taught(programme)
    return render_template("cohorts/programme_facts.html", programme=programme, facts=facts)


@bp.route("/programmes/<int:programme_id>/facts/<key>", methods=["GET", "POST"])
@requires(Permission.LEAD_PROGRAMME, of=Programme)
def edit_fact(programme: Programme, key: str):
    taught = services.parameter_of(programme, key) or abort(404)
    form = FactForm(obj=taught.own) if taught.own else FactForm(read_on=local_today())
    if form.validate_on_submit():
        with form.catch_refusal():
            services.write_fact(programme, key, form.value.data, form.source.data, form.read_on.data, by=me())
            flash(_("Saved. Your firms read it from now on."))
            return redirect(url_for(".programme_facts", programme_id=programme.id))
    return show_form("cohorts/edit_fact.html", form, programme=programme, taught=taught)

"""The hours in which a cohort is left in peace by e-mails that can wait."""

from flask import flash, redirect, url_for

from lms.cohorts import services as cohorts
from lms.cohorts.models import Cohort
from lms.foundation.i18n import gettext as _
from lms.messages.forms import QuietForm
from lms.messages.views import bp
from lms.permissions import Permission
from lms.web.forms import show_form
from lms.web.guard import me, requires


@bp.route("/cohorts/<int:cohort_id>/quiet-hours", methods=["GET", "POST"])
@requires(Permission.MANAGE_COHORT, of=Cohort)
def quiet_hours(cohort: Cohort):
    form = QuietForm(data={"begins": cohort.quiet_from, "ends": cohort.quiet_until})
    if form.validate_on_submit():
        with form.catch_refusal():
            cohorts.set_quiet_hours(cohort, form.begins.data, form.ends.data, by=me())
            flash(_("Saved. E-mails that can wait respect these hours from now on."))
            return redirect(url_for("cohorts.show_cohort", cohort_id=cohort.id))
    return show_form("messages/quiet_hours.html", form, cohort=cohort)

"""Pages on which staff check figures beside their evidence, and those of milestones."""

from flask import (
    Response,
    abort,
    flash,
    redirect,
    render_template,
    send_file,
    url_for,
)

from lms.cohorts.models import Enrolment
from lms.foundation import storage
from lms.foundation.clock import today
from lms.foundation.i18n import gettext as _
from lms.permissions import Permission
from lms.sales import charting, services
from lms.sales.forms import (
    ClaimForm,
    SeenForm,
)
from lms.sales.models import Evidence, Figure, MilestoneReached
from lms.sales.views import bp
from lms.sales.views.shared import for_enrolment, read_month
from lms.web.forms import ConfirmForm, ReasonForm, show_form
from lms.web.guard import me, requires
from lms.web.security import attachment_headers


@bp.get("/enrolments/<int:enrolment_id>/sales")
@requires(Permission.VERIFY_SALES, of=Enrolment)
def firm_sales(enrolment: Enrolment):
    figures = services.figures_of(enrolment.firm_id)
    grouped = services.by_month(figures)
    return render_template(
        "sales/firm_sales.html",
        enrolment=enrolment,
        months=grouped,
        chart=charting.by_month(grouped),
        baseline=services.baseline_of(enrolment.id),
        claims=services.milestones_of([enrolment.id]).get(enrolment.id, []),
        start=services.start_month(enrolment),
        source_changes=services.source_changes(figures, services.start_month(enrolment)),
        imports=services.imports_of(enrolment.firm_id),
        new_form=lambda figures: SeenForm(formdata=None, data={"seen": services.seen_mark(figures)}),
    )


@bp.post("/enrolments/<int:enrolment_id>/sales/<month>/verify")
@requires(Permission.VERIFY_SALES, of=Enrolment)
def verify_month(enrolment: Enrolment, month: str):
    form = SeenForm()
    if form.validate_on_submit():
        checked = services.verify_month(enrolment, read_month(month), seen=form.seen.data or "", by=me())
        flash(_("%(number)s figures checked and locked.", number=checked))
    return redirect(url_for(".firm_sales", enrolment_id=enrolment.id))


@bp.route("/figures/<int:figure_id>/verify", methods=["GET", "POST"])
@requires(Permission.VERIFY_SALES, of=Figure)
def verify_figure(figure: Figure):
    form = SeenForm(data={"seen": services.seen_mark([figure])})
    if form.validate_on_submit():
        with form.catch_refusal():
            services.verify_figure(figure, seen=form.seen.data or "", by=me())
            flash(_("Checked and locked."))
            return redirect(url_for(".firm_sales", enrolment_id=figure.enrolment_id))
    # After a refusal it is about what the page shows now.
    form.seen.data = services.seen_mark([figure])
    return show_form("sales/verify_figure.html", form=form, figure=figure)


@bp.route("/figures/<int:figure_id>/unlock", methods=["GET", "POST"])
@requires(Permission.VERIFY_SALES, of=Figure)
def unlock_figure(figure: Figure):
    form = ReasonForm()
    if form.validate_on_submit():
        with form.catch_refusal():
            services.unlock_figure(figure, form.reason.data or "", by=me())
            flash(_("Unlocked. The firm can correct it now."))
            return redirect(url_for(".firm_sales", enrolment_id=figure.enrolment_id))
    return show_form("sales/unlock_figure.html", form=form, figure=figure)


@bp.get("/evidence/<int:evidence_id>")
@requires(Permission.READ_EVIDENCE, of=Evidence)
def evidence(evidence: Evidence):
    return _send(evidence.storage_key, evidence.media_type, evidence.original_name)


@bp.get("/evidence/<int:evidence_id>/small")
@requires(Permission.READ_EVIDENCE, of=Evidence)
def evidence_thumbnail(evidence: Evidence):
    return _send(evidence.thumbnail_key or abort(404), "image/webp", evidence.original_name)


def _send(key: str, media_type: str, name: str) -> Response:
    # Opened before the answer begins, so that a file that is gone answers 404 and not half a page.
    try:
        stream = storage.open_file(key)
    except FileNotFoundError:
        abort(404)
    response = send_file(stream, mimetype=media_type)
    return attachment_headers(response, name, inline=media_type.startswith("image/"))


# Milestones


@bp.route("/milestones/<int:milestone_definition_id>/claim", methods=["GET", "POST"])
@requires(Permission.ACT_FOR_FIRM)
@for_enrolment
def claim_milestone(enrolment: Enrolment, milestone_definition_id: int):
    milestone = services.claimable(enrolment, milestone_definition_id) or abort(404)
    reached = services.reached_one(enrolment, milestone)
    form = ClaimForm(obj=reached, data=None if reached else {"reached_on": today(enrolment.firm.time_zone)})
    if form.validate_on_submit():
        with form.catch_refusal():
            said = form.evidence.data or ""
            services.claim_milestone(enrolment, milestone, said, by=me(), reached_on=form.reached_on.data)
            flash(_("Sent. Your trainer looks at it."))
            return redirect(url_for(".claim_milestone", milestone_definition_id=milestone.id))
    return show_form("sales/claim_milestone.html", form=form, milestone=milestone, reached=reached)


@bp.route("/milestones/reached/<int:milestone_reached_id>/verify", methods=["GET", "POST"])
@requires(Permission.VERIFY_MILESTONE, of=MilestoneReached)
def verify_milestone(milestone_reached: MilestoneReached):
    form = ConfirmForm()
    if form.validate_on_submit():
        with form.catch_refusal():
            services.verify_milestone(milestone_reached, by=me())
            flash(_("Milestone checked."))
            return redirect(url_for(".firm_sales", enrolment_id=milestone_reached.enrolment_id))
    return show_form("sales/verify_milestone.html", form=form, reached=milestone_reached)

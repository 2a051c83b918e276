"""Pages of graduation: the lead's list and decisions, the firm's certificate, the check open to everybody."""

from flask import Blueprint, current_app, flash, g, make_response, redirect, render_template, request, url_for
from flask_babel import force_locale
from markupsafe import Markup

from lms.cohorts.models import Cohort, Enrolment
from lms.cohorts.services import current_enrolment
from lms.curriculum.syllabus import syllabus
from lms.foundation.i18n import gettext as _
from lms.foundation.i18n import lazy_gettext as _l
from lms.foundation.i18n import ngettext
from lms.foundation.qr import qr_code
from lms.graduation import certificate as paper
from lms.graduation import certificates, services, words
from lms.graduation.forms import ApproveForm, DecideForm, FolioForm
from lms.graduation.models import Certificate, Verdict
from lms.graduation.services import Candidate
from lms.graduation.signing import Keys
from lms.permissions import Permission
from lms.web.forms import ReasonForm, show_form
from lms.web.guard import me, public, requires
from lms.web.security import attachment_headers

bp = Blueprint("graduation", __name__)

# The paper speaks the language of the programme, whoever prints it.
PAPER_LOCALE = "es_MX"

FILTERS = {
    "all": (_l("All"), lambda one: True),
    "ready": (_l("Ready to graduate (several)"), lambda one: one.is_ready),
    "missing": (_l("Missing something"), lambda one: not one.decision and not one.meets_all),
    "late": (_l("Late evidence"), lambda one: one.reopens),
    "decided": (_l("Decided"), lambda one: one.decision is not None),
}


@bp.get("/cohorts/<int:cohort_id>/graduation")
@requires(Permission.DECIDE, of=Cohort)
def candidates(cohort: Cohort):
    every = services.candidates(cohort)
    chosen = request.args.get("show", "all")
    _label, belongs = FILTERS.get(chosen, FILTERS["all"])
    return render_template(
        "graduation/candidates.html",
        cohort=cohort,
        candidates=[one for one in every if belongs(one)],
        ready=sum(one.is_ready for one in every),
        filters=_filters(cohort, every, chosen),
        **_rule_words(cohort),
    )


@bp.route("/cohorts/<int:cohort_id>/graduation/approve", methods=["GET", "POST"])
@requires(Permission.DECIDE, of=Cohort)
def approve_ready(cohort: Cohort):
    ready = [one for one in services.candidates(cohort) if one.is_ready]
    form = ApproveForm(firms=",".join(str(one.standing.enrolment_id) for one in ready))
    if form.validate_on_submit():
        made = services.approve_ready(cohort, form.enrolment_ids, by=me(), keys=_keys())
        flash(ngettext("%(num)s firm graduated.", "%(num)s firms graduated.", len(made)))
        if left := len(form.enrolment_ids) - len(made):
            flash(ngettext("%(num)s was no longer ready.", "%(num)s were no longer ready.", left))
        return redirect(url_for(".candidates", cohort_id=cohort.id))
    return show_form("graduation/approve_ready.html", form=form, cohort=cohort, ready=ready)


@bp.route("/enrolments/<int:enrolment_id>/decision", methods=["GET", "POST"])
@requires(Permission.DECIDE, of=Enrolment)
def decide(enrolment: Enrolment):
    form = DecideForm()
    if form.validate_on_submit():
        with form.catch_refusal():
            verdict, reason = Verdict(form.verdict.data), form.reason.data or ""
            services.decide(enrolment, verdict, reason, by=me(), keys=_keys())
            flash(_("Decided: %(firm)s.", firm=enrolment.firm.name))
            return redirect(url_for(".candidates", cohort_id=enrolment.cohort_id))
    return _decision_page(enrolment, form)


@bp.get("/certificate")
@requires(Permission.ACT_FOR_FIRM)
def my_certificate():
    enrolment = current_enrolment(me().firm_id)
    if enrolment is None:
        return render_template("graduation/no_course.html")
    g.time_zone = enrolment.cohort.time_zone
    candidate = services.preview(enrolment)
    certificate = candidate.certificate
    if certificate is not None and certificate.revoked_at is None:
        return render_template(
            "graduation/my_certificate.html", certificate=certificate, **_of_paper(certificate)
        )
    rules = _rule_words(enrolment.cohort)
    return render_template("graduation/what_is_missing.html", candidate=candidate, **rules)


@bp.get("/certificates")
@public
def find_certificate():
    form = FolioForm()
    certificate = certificates.find(form.folio.data or "") if form.validate() else None
    if certificate is not None:
        return redirect(url_for(".check_certificate", folio=certificate.folio))
    is_unknown = bool(form.folio.data)
    page = render_template("graduation/find_certificate.html", form=form, is_unknown=is_unknown)
    return page, 404 if is_unknown else 200


@bp.get("/certificates/<folio>")
@public
def check_certificate(folio: str):
    certificate = certificates.find(folio)
    if certificate is None:
        page = render_template("graduation/find_certificate.html", form=FolioForm(), is_unknown=True)
        return page, 404
    return render_template(
        "graduation/check_certificate.html",
        certificate=certificate,
        is_genuine=certificates.verify(certificate, _keys()),
        issued=words.full_date(certificate.issued_on),
    )


@bp.get("/certificates/<folio>.pdf")
@public
def certificate_pdf(folio: str):
    certificate = certificates.find(folio)
    if certificate is None or certificate.revoked_at or not certificates.verify(certificate, _keys()):
        return redirect(url_for(".check_certificate", folio=folio))
    with force_locale(PAPER_LOCALE):
        wording = words.on_paper(certificate, current_app.config["SITE_NAME"])
    answer = make_response(paper.render(certificate, _check_url(certificate), wording))
    answer.mimetype = "application/pdf"
    return attachment_headers(answer, f"constancia-{certificate.folio}.pdf", inline=False)


@bp.route("/certificates/<int:certificate_id>/revoke", methods=["GET", "POST"])
@requires(Permission.DECIDE, of=Certificate)
def revoke(certificate: Certificate):
    form = ReasonForm()
    if form.validate_on_submit():
        with form.catch_refusal():
            certificates.revoke(certificate, form.reason.data, by=me())
            flash(_("The certificate is revoked. Its public page says so."))
            return redirect(url_for(".decide", enrolment_id=certificate.enrolment_id))
    return show_form("graduation/revoke.html", form=form, certificate=certificate)


def _decision_page(enrolment: Enrolment, form: DecideForm):
    g.time_zone = enrolment.cohort.time_zone
    candidate = services.preview(enrolment)
    entries = syllabus(enrolment.cohort.course_version_id).entries
    reasons = candidate.standing.excused
    return show_form(
        "graduation/decide.html",
        form=form,
        enrolment=enrolment,
        candidate=candidate,
        excused=[(one.title, reasons[one.slug]) for one in entries if one.slug in reasons],
        decisions=services.decisions_of(enrolment),
        **_rule_words(enrolment.cohort),
    )


def _filters(cohort: Cohort, every: list[Candidate], chosen: str) -> list[dict]:
    """Links to the parts of the list, each with how many firms are in it."""
    return [
        {
            "url": url_for(".candidates", cohort_id=cohort.id, show=name),
            "label": f"{label} ({sum(map(belongs, every))})",
            "current": name == (chosen if chosen in FILTERS else "all"),
        }
        for name, (label, belongs) in FILTERS.items()
    ]


def _keys() -> Keys:
    return Keys(current_app.config["DATA_DIR"])


def _check_url(certificate: Certificate) -> str:
    """The address that the certificate carries: the one people know, or the one this page was asked by."""
    path = url_for("graduation.check_certificate", folio=certificate.folio)
    return (current_app.config["SITE_URL"] or request.host_url).rstrip("/") + path


def _of_paper(certificate: Certificate) -> dict:
    """What the certificate shows beside its own fields."""
    address = _check_url(certificate)
    return {
        "address": address,
        "issued": words.full_date(certificate.issued_on),
        "qr": Markup(qr_code(address, scale=4)),
    }


def _rule_words(cohort: Cohort) -> dict:
    titles = services.milestone_titles(cohort.course_version_id)
    return {
        "title_of": lambda criterion: words.title(criterion, titles),
        "missing_of": lambda criterion: words.missing(criterion, titles),
        "progress_of": words.progress,
        "verdict_of": words.verdict,
    }

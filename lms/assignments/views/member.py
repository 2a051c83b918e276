"""A firm at its task: the page, its places for files, keeping the words, sending."""

from flask import abort, redirect, render_template, url_for

from lms.assignments import services
from lms.assignments.views import bp, desk
from lms.assignments.views.desk import Desk
from lms.assignments.views.shared import in_time_zone_of
from lms.cohorts import services as cohorts
from lms.permissions import Permission
from lms.web.guard import me, requires

PAGES = {
    "show": "show_brief",
    "draft": "save_draft",
    "upload": "upload",
    "remove": "remove_photo",
    "send": "hand_in",
}


@bp.get("/briefs/<int:brief_id>")
@requires(Permission.ACT_FOR_FIRM)
def show_brief(brief_id: int):
    here = desk_of(brief_id)
    submission = services.work_at(here.enrolment, here.brief)
    if submission is not None and submission.brief_id != brief_id:
        # Begun under an earlier version of the course: it goes on there.
        return redirect(url_for(".show_brief", brief_id=submission.brief_id))
    return desk.show(here, submission)


@bp.get("/briefs/<int:brief_id>/sheet")
@requires(Permission.ACT_FOR_FIRM)
def brief_sheet(brief_id: int):
    here = desk_of(brief_id)
    return render_template(
        "assignments/brief_sheet.html",
        brief=here.brief,
        body=cohorts.own_text(here.brief.html, here.enrolment.cohort.programme_id),
        due_on=services.deadline_of(here.enrolment, here.brief).due_on,
    )


@bp.post("/briefs/<int:brief_id>/draft")
@requires(Permission.ACT_FOR_FIRM)
def save_draft(brief_id: int):
    return desk.save_draft(desk_of(brief_id))


@bp.post("/briefs/<int:brief_id>/slots/<slot>")
@requires(Permission.ACT_FOR_FIRM)
def upload(brief_id: int, slot: str):
    return desk.upload(desk_of(brief_id), slot)


@bp.post("/briefs/<int:brief_id>/slots/<slot>/remove")
@requires(Permission.ACT_FOR_FIRM)
def remove_photo(brief_id: int, slot: str):
    return desk.remove(desk_of(brief_id), slot)


@bp.post("/briefs/<int:brief_id>/hand-in")
@requires(Permission.ACT_FOR_FIRM)
def hand_in(brief_id: int):
    return desk.hand_in(desk_of(brief_id))


def desk_of(brief_id: int) -> Desk:
    """A task of the enrolment the person's firm works in, or there is no such page."""
    enrolment = cohorts.current_enrolment(me().firm_id) or abort(404)
    in_time_zone_of(enrolment)
    brief = services.brief_of(enrolment, brief_id) or abort(404)
    return Desk(enrolment, brief, "show_brief.html", PAGES, {"brief_id": brief_id})

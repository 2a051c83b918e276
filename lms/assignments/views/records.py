"""What was handed in, for the firm and for its staff: receipts, versions, files."""

from flask import Response, abort, render_template, request

from lms.assignments import services, work
from lms.assignments.forms import HeldForm
from lms.assignments.models import Attachment, Submission
from lms.assignments.views import bp
from lms.assignments.views.shared import in_time_zone_of
from lms.foundation import storage
from lms.permissions import Permission, can
from lms.web.guard import me, requires
from lms.web.security import attachment_headers


@bp.get("/submissions/<int:submission_id>/receipts/<int:number>")
@requires(Permission.READ_SUBMISSION, of=Submission)
def receipt(submission: Submission, number: int):
    in_time_zone_of(submission.enrolment)
    submission = services.with_history(submission)
    version = next((one for one in submission.versions if one.number == number), None) or abort(404)
    return render_template(
        "assignments/receipt.html",
        submission=submission,
        version=version,
        files=services.listed_files(version),
        addressee=services.addressee(submission.enrolment),
    )


@bp.get("/submissions/<int:submission_id>")
@requires(Permission.READ_SUBMISSION, of=Submission)
def show_submission(submission: Submission):
    in_time_zone_of(submission.enrolment)
    is_reviewer = can(me(), Permission.REVIEW_SUBMISSION, submission)
    submission = services.for_review(submission) if is_reviewer else services.with_history(submission)
    return render_template(
        "assignments/show_submission.html",
        submission=submission,
        work=work,
        held=submission.held if is_reviewer else None,
        holding=HeldForm(),
    )


@bp.get("/attachments/<int:attachment_id>")
@requires(Permission.READ_ATTACHMENT, of=Attachment)
def attachment(attachment: Attachment):
    return _file(attachment, attachment.storage_key)


@bp.get("/attachments/<int:attachment_id>/small")
@requires(Permission.READ_ATTACHMENT, of=Attachment)
def thumbnail(attachment: Attachment):
    if attachment.thumbnail_key is None:
        abort(404)
    return _file(attachment, attachment.thumbnail_key)


def _file(attachment: Attachment, key: str) -> Response:
    try:
        with storage.open_file(key) as stream:
            response = Response(stream.read(), mimetype=attachment.media_type)
    except FileNotFoundError:
        abort(404)
    if attachment.media_type.startswith("audio/"):
        # An iPhone plays only what it may ask for in parts.
        response.make_conditional(request, accept_ranges=True, complete_length=len(response.data))
    is_shown = attachment.media_type.startswith(("image/", "audio/"))
    return attachment_headers(response, attachment.original_name, inline=is_shown)

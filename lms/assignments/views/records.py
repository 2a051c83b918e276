"""What was handed in, for the firm and for its staff: receipts, versions, files."""

from flask import abort, render_template

from lms.assignments import services, work
from lms.assignments.forms import HeldForm
from lms.assignments.models import Attachment, Submission
from lms.assignments.views import bp
from lms.assignments.views.shared import in_time_zone_of, stored_file
from lms.permissions import Permission, can
from lms.web.guard import me, requires


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
        history=services.history_of(submission) if is_reviewer else [],
        is_reviewer=is_reviewer,
        decided=services.DECIDED,
        holding=HeldForm(),
    )


@bp.get("/attachments/<int:attachment_id>")
@requires(Permission.READ_ATTACHMENT, of=Attachment)
def attachment(attachment: Attachment):
    return stored_file(attachment.storage_key, attachment.media_type, attachment.original_name)


@bp.get("/attachments/<int:attachment_id>/small")
@requires(Permission.READ_ATTACHMENT, of=Attachment)
def thumbnail(attachment: Attachment):
    if attachment.thumbnail_key is None:
        abort(404)
    return stored_file(attachment.thumbnail_key, attachment.media_type, attachment.original_name)

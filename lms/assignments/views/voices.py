"""Voice notes in the grader, and what the firm hears of them."""

from flask import Response, abort, after_this_request

from lms.assignments import services
from lms.assignments.forms import ReviewForm
from lms.assignments.models import Recording, Submission
from lms.assignments.views import bp
from lms.assignments.views.shared import stored_file
from lms.foundation.i18n import gettext as _
from lms.permissions import Permission, can
from lms.web.guard import me, requires


@bp.get("/recordings/<int:recording_id>")
@requires(Permission.READ_ATTACHMENT, of=Recording)
def recording(recording: Recording):
    is_reviewer = can(me(), Permission.REVIEW_SUBMISSION, recording)
    if not services.may_hear(recording, is_reviewer, by=me()):
        abort(404)
    return stored_file(recording.storage_key, recording.media_type, _("voice note"))


def keep(submission: Submission, form: ReviewForm) -> bool:
    """Keep the voice note of the form, if one was chosen; whether there is none, or it is kept."""
    if (sent := form.voice.data) is not None:
        with form.catch_refusal():
            made = services.keep_recording(submission, sent.filename or "", sent.read(), by=me())
            form.recording.data = made.id
    return not form.form_errors


def let_record() -> None:
    """This page, and no other of the house, may ask for the microphone."""

    @after_this_request
    def allow(response: Response) -> Response:
        response.headers["Permissions-Policy"] = "camera=(), microphone=(self), geolocation=()"
        return response

"""What several pages of this room need."""

from flask import Response, abort, g, request

from lms.cohorts.models import Enrolment
from lms.foundation import storage
from lms.web.security import attachment_headers


def in_time_zone_of(enrolment: Enrolment) -> None:
    g.time_zone = enrolment.cohort.time_zone


def stored_file(key: str, media_type: str, name: str) -> Response:
    """A kept file as an answer: photos and voices are shown, everything else is downloaded."""
    try:
        with storage.open_file(key) as stream:
            response = Response(stream.read(), mimetype=media_type)
    except FileNotFoundError:
        abort(404)
    if media_type.startswith("audio/"):
        # An iPhone plays only what it may ask for in parts.
        response.make_conditional(request, accept_ranges=True, complete_length=len(response.data))
    return attachment_headers(response, name, inline=media_type.startswith(("image/", "audio/")))

"""Pages of programmes and cohorts, of the firms in them, and of people's own data."""

from flask import Blueprint

bp = Blueprint("cohorts", __name__)

from lms.cohorts.views import (  # noqa: E402, F401 (routes on bp)
    cohorts,
    consents,
    enrolments,
    facts,
    imports,
    mentors,
    pauses,
    programmes,
)

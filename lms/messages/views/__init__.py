"""Pages on which a firm and its staff write to each other."""

from flask import Blueprint

bp = Blueprint("messages", __name__)

from lms.messages.views import announcements, quiet, threads  # noqa: E402, F401 (routes on bp)

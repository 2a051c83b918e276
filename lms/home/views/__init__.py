"""The first page of each role, the pages that gather what several rooms know, and what is kept on a phone."""

from flask import Blueprint

bp = Blueprint("home", __name__)

from lms.home.views import offline, pages  # noqa: E402, F401 (routes on bp)

"""The first page of each role, the pages that gather what several rooms know, and what is kept on a phone."""

from flask import Blueprint

from lms.home.agenda import firm_now
from lms.standing.words import reason_in_words

bp = Blueprint("home", __name__)

# For pages of rooms below, which know neither sales nor standings.
bp.add_app_template_global(firm_now)
bp.add_app_template_global(reason_in_words, "sentence_of")

from lms.home.views import attention, grid, offline, pages  # noqa: E402, F401 (routes on bp)

"""Pages of results: of a cohort, of a programme, published ones, prices, and the one for everybody."""

from flask import Blueprint

bp = Blueprint("reports", __name__)

from lms.reports.views import cohort, prices, programme, public, published  # noqa: E402, F401 (routes on bp)

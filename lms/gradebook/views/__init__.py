"""Pages of marks: a cohort's and a firm's, how quizzes went, new attempts and what is excused."""

from flask import Blueprint

bp = Blueprint("gradebook", __name__)

from lms.gradebook.views import attempts, exemptions, marks, quizzes  # noqa: E402, F401 (routes on bp)

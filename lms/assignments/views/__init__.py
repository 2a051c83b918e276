"""Pages on which a firm works at its tasks, everybody reads what was handed in, and staff review it."""

from flask import Blueprint
from flask.blueprints import BlueprintSetupState

from lms.assignments import services
from lms.foundation.plaintext import render_text

bp = Blueprint("assignments", __name__)


@bp.record_once
def introduce(state: BlueprintSetupState) -> None:
    """The learning room shows tasks and their dates without knowing this room: the app hands it questions."""
    state.app.extensions["work_states"] = services.work_states
    state.app.extensions["work_dates"] = services.days_given


bp.add_app_template_filter(render_text, "written")

from lms.assignments.views import (  # noqa: E402, F401 (routes on bp)
    answers,
    assisted,
    comparing,
    extensions,
    member,
    phrases,
    records,
    regrading,
    staff,
    tasks,
    voices,
)

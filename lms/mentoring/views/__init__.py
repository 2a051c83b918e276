"""Pages on which a firm asks for help and staff answer, meet the firm, and keep what was agreed."""

from flask import Blueprint

from lms.foundation.plaintext import render_text
from lms.mentoring.forms.meetings import CHANNELS, KINDS, STATES

bp = Blueprint("mentoring", __name__)
bp.add_app_template_filter(render_text, "written")


@bp.app_context_processor
def words() -> dict:
    """How kinds, states and channels read."""
    return {"session_kinds": KINDS, "session_states": STATES, "contact_channels": CHANNELS}


from lms.mentoring.views import attendance, booking, care, goals, helping, meetings, series  # noqa: E402, F401 (routes on bp)

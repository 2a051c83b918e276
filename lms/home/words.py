"""The words that the gathering pages share: kinds and states in the reader's language."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from lms.assignments.models import SubmissionState
from lms.cohorts.models import Enrolment
from lms.foundation.clock import now
from lms.foundation.i18n import gettext as _
from lms.graduation import words as graduation
from lms.graduation.services import milestone_titles
from lms.home.grid import Words
from lms.home.marks import Mark
from lms.home.today import Kind
from lms.mentoring.models import SessionKind, SessionState
from lms.standing.words import reason_in_words


def of(enrolment: Enrolment | None = None) -> dict[str, Any]:
    """What a template says of kinds, states, reasons and (for a firm's page) graduation rules."""
    return {
        "session_kinds": session_kinds(),
        "session_states": session_states(),
        "submission_states": submission_states(),
        "reason_words": reason_in_words,
        "wait_kind": _wait_kind,
        "criterion_words": _criterion_words(enrolment) if enrolment else None,
    }


def _criterion_words(enrolment: Enrolment) -> Callable[[Any], str]:
    titles = milestone_titles(enrolment.cohort.course_version_id)
    return lambda criterion: graduation.title(criterion, titles)


def kinds() -> dict[Kind, str]:
    """The headings of the list of what waits."""
    return {
        Kind.HELP: _("They asked for help"),
        Kind.REVIEW: _("To review"),
        Kind.DAYS: _("They ask for more days"),
        Kind.PROMISE: _("Promised for today or before"),
        Kind.ATTENTION: _("Look for them"),
        Kind.SESSION: _("Sessions this week"),
        Kind.ATTENDANCE: _("Attendance to note"),
    }


def buttons() -> dict[Kind, str]:
    """What one does about each kind."""
    return {
        Kind.HELP: _("Answer"),
        Kind.REVIEW: _("Review"),
        Kind.DAYS: _("Answer"),
        Kind.PROMISE: _("See"),
        Kind.ATTENTION: _("Write to them"),
        Kind.SESSION: _("Prepare"),
        Kind.ATTENDANCE: _("Note who came"),
    }


def session_kinds() -> dict[SessionKind, str]:
    return {
        SessionKind.VISIT: _("Visit"),
        SessionKind.CALL: _("Call"),
        SessionKind.WHATSAPP: _("By WhatsApp"),
        SessionKind.CLINIC: _("Group session"),
    }


def session_states() -> dict[SessionState, str]:
    return {
        SessionState.PLANNED: _("planned"),
        SessionState.HELD: _("attended"),
        SessionState.MISSED: _("did not come"),
        SessionState.MADE_UP: _("made up"),
        SessionState.CANCELLED: _("cancelled"),
    }


def submission_states() -> dict[SubmissionState, str]:
    return {
        SubmissionState.DRAFT: _("begun"),
        SubmissionState.HANDED_IN: _("to review"),
        SubmissionState.RETURNED: _("sent back"),
        SubmissionState.ACCEPTED: _("accepted"),
    }


def marks() -> dict[str, str]:
    """What each kind of cell in the grid says."""
    return {
        "done": _("done"),
        "part": _("part done"),
        "now": _("this week"),
        "late": _("late"),
        "ahead": _("later"),
        "pause": _("paused"),
        "exempt": _("exempt"),
    }


def of_marks() -> dict[Mark, str]:
    """What each of the marks in a cell means."""
    return {
        Mark.DONE: _("done"),
        Mark.PART: _("begun, or waits for a review"),
        Mark.OPEN: _("still to come"),
        Mark.LATE: _("late, or did not come"),
        Mark.NONE: _("nothing of this kind"),
    }


def of_cells() -> Words:
    """What cells of the grid say, put together once for each kind of cell."""
    return Words(
        weeks=marks(),
        read=_("%(part)s of %(all)s lessons", part="%(part)s", all="%(all)s"),
        quiz={Mark.DONE: _("quiz passed"), Mark.OPEN: _("quiz not passed"), Mark.LATE: _("quiz not passed")},
        task={
            "": _("task not begun"),
            "draft": _("task begun"),
            "handed_in": _("task to review"),
            "returned": _("task sent back"),
            "accepted": _("task accepted"),
        },
        session={
            "held": _("session attended"),
            "made_up": _("session made up"),
            "missed": _("session missed"),
            "planned": _("session planned"),
        },
    )


def _wait_kind(since: datetime) -> str:
    """The badge of a wait: five days are too long, three are long."""
    days = (now() - since).days
    return "bad" if days >= 5 else "warn" if days >= 3 else ""

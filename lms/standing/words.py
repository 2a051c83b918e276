"""The reasons for attention as sentences, for whoever shows a list of them."""

from collections.abc import Callable, Mapping

from lms.cohorts.thresholds import Thresholds
from lms.foundation.i18n import gettext as _
from lms.foundation.i18n import ngettext
from lms.standing import attention
from lms.standing.attention import Reason

_SENTENCES: dict[str, Callable[[Mapping[str, int]], str]] = {
    attention.ASKED_FOR_HELP: lambda n: ngettext(
        "Asked for help", "Asked for help %(num)s times", n["count"]
    ),
    attention.ABSENT: lambda n: ngettext(
        "Missed %(num)s session", "Missed %(num)s sessions in a row", n["count"]
    ),
    attention.SENT_BACK: lambda n: ngettext(
        "A task was sent back %(times)s times",
        "%(num)s tasks were sent back %(times)s times",
        n["count"],
        times=n["times"],
    ),
    attention.QUIZ_FAILED: lambda n: ngettext(
        "Failed a quiz %(times)s times",
        "Failed %(num)s quizzes %(times)s times each",
        n["count"],
        times=n["times"],
    ),
    attention.OVERDUE: lambda n: ngettext("%(num)s task is overdue", "%(num)s tasks are overdue", n["count"]),
    attention.QUIET: lambda n: ngettext(
        "Nothing done for %(num)s day", "Nothing done for %(num)s days", n["days"]
    ),
    attention.BASELINE_MISSING: lambda n: _("The starting point is missing"),
    attention.MONTHS_MISSING: lambda n: ngettext(
        "The sales of %(num)s month are missing", "The sales of %(num)s months are missing", n["count"]
    ),
}


def reason_titles() -> dict[str, str]:
    """Each reason as the name of a line in a table."""
    return {
        attention.ASKED_FOR_HELP: _("Asked for help"),
        attention.ABSENT: _("Missed sessions"),
        attention.SENT_BACK: _("Tasks sent back"),
        attention.QUIZ_FAILED: _("Quizzes failed"),
        attention.OVERDUE: _("Tasks overdue"),
        attention.QUIET: _("Without activity"),
        attention.BASELINE_MISSING: _("Starting point missing"),
        attention.MONTHS_MISSING: _("Months of sales missing"),
    }


def thresholds_in_words(limits: Thresholds) -> list[str]:
    """From when on a firm needs someone, as short phrases."""
    return [
        ngettext("%(num)s day without activity", "%(num)s days without activity", limits.quiet_days),
        ngettext("%(num)s task overdue", "%(num)s tasks overdue", limits.overdue),
        _("a task sent back %(num)s times", num=limits.times_returned),
        _("a quiz failed %(num)s times", num=limits.times_failed),
        ngettext("%(num)s session missed", "%(num)s sessions missed in a row", limits.absences),
    ]


def reason_in_words(reason: Reason) -> str:
    """The reason as one short sentence without the firm's name."""
    return _SENTENCES[reason.key](reason.numbers)

"""How the situations of an announcement read, and which of them a cohort can choose from."""

from datetime import date

from lms.cohorts.models import Cohort
from lms.cohorts.schedule import programme_months
from lms.curriculum.syllabus import syllabus
from lms.foundation.clock import today
from lms.foundation.i18n import gettext as _
from lms.messages import audience
from lms.messages.audience import Audience
from lms.standing import attention
from lms.web.templating import month_name

REASONS = {
    attention.ASKED_FOR_HELP: lambda: _("Who waits for help"),
    attention.ABSENT: lambda: _("Who missed two sessions in a row"),
    attention.SENT_BACK: lambda: _("Who got a task back twice"),
    attention.QUIZ_FAILED: lambda: _("Who failed a quiz four times"),
    attention.OVERDUE: lambda: _("Who has two tasks overdue"),
    attention.QUIET: lambda: _("Who did nothing for a week"),
    attention.BASELINE_MISSING: lambda: _("Who has no starting point yet"),
    attention.MONTHS_MISSING: lambda: _("Who owes the sales of some month"),
}


def audiences(cohort: Cohort) -> dict[str, list[tuple[str, str]]]:
    """What a cohort can choose from, in groups, each with its words."""
    taught, here = syllabus(cohort.course_version_id), today(cohort.time_zone)
    tasks = [entry for entry in taught.entries if entry.kind == "brief" and not entry.optional]
    months = [
        month
        for month in programme_months(cohort.starts_on, cohort.course_version.weeks)
        if month < here.replace(day=1)
    ]
    groups = {
        _("The group"): [audience.ALL, audience.ACTIVE, audience.PAUSED],
        _("Who needs something"): [audience.ATTENTION, *(f"attention:{key}" for key in REASONS)],
        _("Who has not handed in"): [f"task:{entry.week}" for entry in tasks],
        _("Who has not given their sales"): [f"month:{month.isoformat()[:7]}" for month in months],
        _("Who has not reached"): [f"milestone:{one.code}" for one in taught.milestones],
    }
    return {
        group: [(word, in_words(word, cohort)) for word in words] for group, words in groups.items() if words
    }


def in_words(word: str, cohort: Cohort) -> str:
    """An audience as one reads it: "Who has not handed in the task of week 3: …"."""
    chosen = Audience.read(word)
    if chosen.kind == audience.ATTENTION:
        return REASONS[chosen.about]() if chosen.about else _("Who needs attention for any reason")
    if chosen.kind == audience.TASK:
        week = int(chosen.about)
        tasks = [
            e for e in syllabus(cohort.course_version_id).entries if e.kind == "brief" and e.week == week
        ]
        title = tasks[0].title if tasks else ""
        return _("Who has not handed in the task of week %(week)s: %(title)s", week=week, title=title)
    if chosen.kind == audience.MONTH:
        month = date.fromisoformat(f"{chosen.about}-01")
        return _("Who has not given the sales of %(month)s", month=month_name(month))
    if chosen.kind == audience.MILESTONE:
        title = syllabus(cohort.course_version_id).titles.get(chosen.about, "")
        return _("Who has not reached %(code)s: %(title)s", code=chosen.about, title=title)
    return {
        audience.ALL: _("Everybody in the group"),
        audience.ACTIVE: _("Everybody who is not in a pause"),
        audience.PAUSED: _("Who is in a pause"),
    }[chosen.kind]

"""Why a firm needs someone now: each reason is read from today's standing, so it clears by itself."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from lms.standing.shapes import PutOff, Standing

# A month's figures are asked for until the tenth day of the month after.
DAYS_TO_REPORT = 10

ASKED_FOR_HELP = "asked_for_help"
ABSENT = "absent"
SENT_BACK = "sent_back"
QUIZ_FAILED = "quiz_failed"
OVERDUE = "overdue"
QUIET = "quiet"
BASELINE_MISSING = "baseline_missing"
MONTHS_MISSING = "months_missing"

# From the one who waits for an answer to the one who only has to be reminded.
KEYS = (ASKED_FOR_HELP, ABSENT, SENT_BACK, QUIZ_FAILED, OVERDUE, QUIET, BASELINE_MISSING, MONTHS_MISSING)
# A call for help is answered, not put off.
CAN_WAIT = KEYS[1:]


@dataclass(frozen=True)
class Reason:
    """One reason, the day since which it holds, and the numbers that its sentence names (see words.py)."""

    key: str
    since: date
    numbers: Mapping[str, int] = field(default_factory=dict)

    @property
    def number(self) -> int:
        """How many it counts; days of silence grow by themselves and do not make it a worse one."""
        return self.numbers.get("count", 0)


def reasons(standing: Standing, today: date) -> tuple[Reason, ...]:
    """Every reason that holds on that day, in the order of KEYS.

    Only a firm at work has any: one that is paused, withdrawn or decided is left in peace.
    """
    if standing.state != "active":
        return ()
    return tuple(_of_people(standing)) + tuple(_of_work(standing)) + tuple(_of_time(standing, today))


def is_put_off(reason: Reason, put_off: Iterable[PutOff], today: date) -> bool:
    """Whether staff put it off, its day has not come, and it is still what it was then."""
    return any(
        one.reason == reason.key
        and one.since == reason.since
        and reason.number <= one.number
        and today < one.until
        for one in put_off
    )


def awake(standing: Standing, today: date) -> tuple[Reason, ...]:
    """The reasons that hold and that nobody put off."""
    found = reasons(standing, today)
    return tuple(one for one in found if not is_put_off(one, standing.put_off, today))


def report_due_on(month: date) -> date:
    """The last day on which the figures of a month are not missing yet."""
    return (month + timedelta(days=31)).replace(day=DAYS_TO_REPORT)


def _of_people(standing: Standing) -> Iterator[Reason]:
    if standing.open_help and standing.open_help_since:
        yield Reason(ASKED_FOR_HELP, _day(standing.open_help_since, standing), {"count": standing.open_help})
    if standing.missed_in_a_row >= standing.thresholds.absences and standing.missed_since:
        yield Reason(ABSENT, _day(standing.missed_since, standing), {"count": standing.missed_in_a_row})


def _of_work(standing: Standing) -> Iterator[Reason]:
    limits = standing.thresholds
    if standing.returned_often and standing.returned_since:
        numbers = {"count": standing.returned_often, "times": limits.times_returned}
        yield Reason(SENT_BACK, _day(standing.returned_since, standing), numbers)
    if standing.failed_often and standing.failed_since:
        numbers = {"count": standing.failed_often, "times": limits.times_failed}
        yield Reason(QUIZ_FAILED, _day(standing.failed_since, standing), numbers)
    if standing.overdue_briefs >= limits.overdue and standing.overdue_since:
        yield Reason(OVERDUE, standing.overdue_since, {"count": standing.overdue_briefs})


def _of_time(standing: Standing, today: date) -> Iterator[Reason]:
    has_begun = today >= standing.starts_on
    quiet_since = _last_sign(standing)
    days = (today - quiet_since).days
    if has_begun and not standing.has_finished and days >= standing.thresholds.quiet_days:
        yield Reason(QUIET, quiet_since, {"days": days})
    if has_begun and not standing.baseline_frozen:
        yield Reason(BASELINE_MISSING, standing.starts_on)
    if standing.missing_months:
        due = report_due_on(standing.missing_months[0])
        yield Reason(MONTHS_MISSING, due, {"count": len(standing.missing_months)})


def _last_sign(standing: Standing) -> date:
    """The last day on which the firm did something; nobody is quiet before the course and the firm began."""
    signs = (standing.last_activity_at, standing.started_at)
    return max([standing.starts_on, *(_day(moment, standing) for moment in signs if moment)])


def _day(moment: datetime, standing: Standing) -> date:
    return moment.astimezone(ZoneInfo(standing.time_zone)).date()

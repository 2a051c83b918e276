"""What a mentor should know of a firm before a session begins; the session itself is mentoring's."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from lms.cohorts.models import Enrolment
from lms.foundation.clock import today
from lms.sales import services as sales
from lms.sales.months import same_month_last_year
from lms.standing import services as standing
from lms.standing.attention import Reason, reasons


@dataclass(frozen=True)
class LastMonth:
    """The newest month with a figure; `ratio` to the same month a year before, where that is known."""

    month: date
    amount: Decimal
    ratio: Decimal | None


@dataclass(frozen=True)
class FirmNow:
    """Why the firm needs someone, and what it sold last."""

    reasons: tuple[Reason, ...]
    last: LastMonth | None


def firm_now(enrolment: Enrolment) -> FirmNow:
    current = standing.standing_of(enrolment)
    return FirmNow(
        reasons(current, today(enrolment.cohort.time_zone)),
        last_month(sales.monthly_totals([enrolment.firm_id]).get(enrolment.firm_id, {})),
    )


def last_month(totals: dict[date, Decimal | None]) -> LastMonth | None:
    """What the months say; a month without an amount says nothing, and nothing is compared with zero."""
    known = {month: amount for month, amount in totals.items() if amount is not None}
    if not known:
        return None
    newest = max(known)
    before = known.get(same_month_last_year(newest))
    return LastMonth(newest, known[newest], known[newest] / before if before else None)

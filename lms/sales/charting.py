"""A firm's own sales as a chart: every month since the oldest one, gaps included."""

from collections.abc import Mapping, Sequence
from datetime import date

from markupsafe import Markup

from lms.foundation.i18n import gettext as _
from lms.foundation.money import format_money
from lms.sales import months
from lms.sales.ledger import total_of
from lms.sales.models import Figure
from lms.web.charts import line_by_month
from lms.web.templating import month_name, short_month

LONGEST = 24


def by_month(grouped: Mapping[date, Sequence[Figure]]) -> Markup | None:
    """The line of monthly totals; None while fewer than two months are known."""
    if not grouped:
        return None
    newest = max(grouped)
    oldest = max(min(grouped), months.shift(newest, 1 - LONGEST))
    totals = {month: total_of(grouped.get(month, [])) for month in months.months_between(oldest, newest)}
    known = [month for month, total in totals.items() if total is not None]
    if len(known) < 2:
        return None
    title = _(
        "Sales by month, from %(first)s to %(last)s. Last known: %(amount)s in %(month)s.",
        first=month_name(oldest),
        last=month_name(newest),
        amount=format_money(totals[known[-1]]),
        month=month_name(known[-1]),
    )
    return line_by_month([(short_month(month), total) for month, total in totals.items()], title=title)

"""The sentences of the reports: observed changes with their numbers, never a cause."""

from decimal import Decimal

from lms.accounts.models import Sector
from lms.cohorts.catalogues import STATES
from lms.cohorts.models import EnrolmentState
from lms.foundation.i18n import gettext as _
from lms.foundation.i18n import lazy_gettext as _l
from lms.foundation.i18n import ngettext
from lms.foundation.money import format_money
from lms.graduation.models import Verdict
from lms.reports.effect import Kind, Spread
from lms.reports.lines import BASELINE, Line
from lms.reports.services import Report
from lms.reports.shown import ShownCell, ShownView
from lms.reports.statistics.shapes import Method
from lms.sales.models import Tier

SECTORS = {
    Sector.FASHION: _l("Clothing"),
    Sector.FOOTWEAR: _l("Footwear"),
    Sector.FURNITURE: _l("Furniture"),
}

TIERS = {
    Tier.A_PLATFORM: _l("Platform"),
    Tier.B_EXPORT: _l("Marketplace file"),
    Tier.C_INVOICE: _l("Invoices"),
    Tier.D_RECORD: _l("Notebook with photo"),
    Tier.E_RECALL: _l("From memory"),
}

KINDS = {
    Kind.ROSE: _l("Rose"),
    Kind.SAME: _l("The same"),
    Kind.FELL: _l("Fell"),
    Kind.BEGAN: _l("Began to sell"),
    Kind.NO_SALES: _l("No sales yet"),
    Kind.NO_BASELINE: _l("No figure before"),
    Kind.NO_AFTER: _l("No figure after"),
    Kind.TOO_SOON: _l("Too soon"),
}

MILLION = 1_000_000


def big_money(amount: Decimal) -> tuple[str, str]:
    """An amount as number and unit: $1.32 and “million pesos”; below a million in whole pesos."""
    if amount < MILLION:
        return format_money(amount), ""
    return f"${amount / MILLION:,.2f}", _("million pesos")


def state_name(code: str) -> str:
    return STATES.get(code) or _("State not given")


def place(line: Line) -> str:
    """Ropa · Atlixco, Puebla."""
    where = ", ".join(part for part in (line.city, STATES.get(line.state, "")) if part)
    return " · ".join(part for part in (str(SECTORS[line.sector]), where) if part)


def decision(line: Line) -> str:
    """What was decided on a firm, in one or two words."""
    if line.status is EnrolmentState.WITHDRAWN:
        return _("Left the course")
    if line.verdict is None:
        return _("Not decided yet")
    if line.verdict is Verdict.PARTICIPATED:
        return _("Took part without graduating")
    if line.verdict is Verdict.NOT_GRADUATED:
        return _("Did not graduate")
    return _("Graduated by exception") if line.by_exception else _("Graduated")


def finding(report: Report, first_month: str) -> str:
    """The title of a cohort's report; `first_month` is the first whole month after the course, in words."""
    spread, measured = report.summary.spread, report.summary.measured
    if not report.lines:
        return _("No firm has started yet")
    if report.summary.too_soon == len(report.lines):
        return _(
            "Too soon to compare: the first whole month after the course is %(month)s", month=first_month
        )
    if not measured:
        return _("No firm has figures from before and after yet")
    if spread is None:
        return ngettext(
            "Only %(num)s firm has figures from before and after: too few to speak of the group",
            "Only %(num)s firms have figures from before and after: too few to speak of the group",
            measured,
        )
    return _than(report, spread, measured)


def _than(report: Report, spread: Spread, measured: int) -> str:
    """Whether more rose or fell, against what it was really compared with."""
    count = max(spread.rose, spread.fell)
    if report.is_a_year_apart:
        return _a_year_apart(spread, count, measured)
    if report.is_adjusted:
        return _same_months(spread, count, measured)
    if spread.fell > spread.rose:
        return ngettext(
            "%(num)s of %(total)s firms sells less than before the course",
            "%(num)s of %(total)s firms sell less than before the course",
            count,
            total=measured,
        )
    return ngettext(
        "%(num)s of %(total)s firms sells more than before the course",
        "%(num)s of %(total)s firms sell more than before the course",
        count,
        total=measured,
    )


def _a_year_apart(spread: Spread, count: int, measured: int) -> str:
    if spread.fell > spread.rose:
        return ngettext(
            "%(num)s of %(total)s firms sells less than in the same months of the year before",
            "%(num)s of %(total)s firms sell less than in the same months of the year before",
            count,
            total=measured,
        )
    return ngettext(
        "%(num)s of %(total)s firms sells more than in the same months of the year before",
        "%(num)s of %(total)s firms sell more than in the same months of the year before",
        count,
        total=measured,
    )


def _same_months(spread: Spread, count: int, measured: int) -> str:
    if spread.fell > spread.rose:
        return ngettext(
            "%(num)s of %(total)s firms sells less than in the same months before the course",
            "%(num)s of %(total)s firms sell less than in the same months before the course",
            count,
            total=measured,
        )
    return ngettext(
        "%(num)s of %(total)s firms sells more than in the same months before the course",
        "%(num)s of %(total)s firms sell more than in the same months before the course",
        count,
        total=measured,
    )


def who_acts(line: Line) -> str:
    """What a firm without a figure waits for, and from whom."""
    if line.effect.kind is Kind.NO_BASELINE:
        if BASELINE in line.stages:
            return _("Its starting point has fewer than three months and is frozen: that cannot change now.")
        return _("Its starting point was never frozen: no before can be shown.")
    if line.status is EnrolmentState.WITHDRAWN:
        return _("It left the course. The coordination may still ask it for its months.")
    asked = ngettext(
        "The firm writes down %(num)s month after the course.",
        "The firm writes down %(num)s months after the course.",
        len(line.months_missing),
    )
    if line.mentor:
        return asked + " " + _("%(mentor)s reminds it.", mentor=line.mentor)
    return asked + " " + _("It has no mentor: the coordination reminds it.")


def public_finding(view: ShownView) -> str:
    """The title of the public page."""
    if view.median is None:
        return _("There are still too few firms with figures to publish results")
    percent = whole_percent(view.median)
    if percent > 0:
        return _("The typical firm sells %(percent)s%% more than before the course", percent=percent)
    if percent < 0:
        return _("The typical firm sells %(percent)s%% less than before the course", percent=-percent)
    return _("The typical firm sells the same as before the course")


def whole_percent(ratio: Decimal | float) -> int:
    """A change in whole percent: 1.31 is 31."""
    return round((ratio - 1) * 100)


def cell_name(cell: ShownCell, by: str) -> str:
    """The name of a public row, by "sector" or "state"; merged ones are counted, never listed."""
    if by == "sector":
        return _("Other sectors together") if cell.is_merged else str(SECTORS[Sector(cell.keys[0])])
    if cell.is_merged:
        return _("%(count)s other states together", count=len(cell.keys))
    return state_name(cell.keys[0])


def sector_name(key: str) -> str:
    return str(SECTORS[Sector(key)])


def big(amount: float) -> str:
    """An amount in one piece: $58,400 or $1.32 million pesos."""
    return " ".join(part for part in big_money(Decimal(str(amount))) if part)


def method_name(method: str) -> str:
    """How an interval was found, in a word or two."""
    return {
        Method.EXACT.value: _("exact"),
        Method.NORMAL.value: _("normal approximation"),
        Method.BCA.value: "BCa",
        Method.PERCENTILE.value: _("percentile"),
    }.get(method, method)

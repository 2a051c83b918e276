"""The columns of the table of firms, as every export has them, each with what it means."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lms.accounts.models import Firm
from lms.foundation.i18n import gettext as _
from lms.reports import words
from lms.reports.effect import Kind
from lms.sales.models import Tier


@dataclass(frozen=True)
class Column:
    title: str
    meaning: str


def columns() -> list[Column]:
    return [
        Column(_("Firm"), _("Name of the firm")),
        Column(_("Sector"), _("What it makes")),
        Column(_("State"), _("Where it is")),
        Column(
            _("Result"), _("Rose, the same (one percent either way), fell, or why there is no change to tell")
        ),
        Column(_("Before (pesos a month)"), _("Mean of the months before that were compared")),
        Column(_("After (pesos a month)"), _("Mean of the known months of the primary window")),
        Column(
            _("Change (after / before)"),
            _("After divided by before: 1.10 is ten percent more; empty without sales before"),
        ),
        Column(
            _("Adjusted for season"),
            _("1: the same calendar months were compared; 0: the mean of fewer than twelve months"),
        ),
        Column(_("Months before"), _("How many months before were compared")),
        Column(_("Months after"), _("How many months after are known")),
        Column(
            _("Source before"), _("The weakest backing of the months before, from A (platform) to E (memory)")
        ),
        Column(
            _("Source after"), _("The weakest backing of the months after, from A (platform) to E (memory)")
        ),
        Column(_("Checked"), _("1: staff checked every month that counts")),
    ]


def cells(row: Mapping[str, Any], firm: Firm | None) -> list[Any]:
    """One row; a firm that is no longer there keeps its numbers and has no name."""
    return [
        firm.name if firm else "",
        str(words.SECTORS[firm.sector]) if firm else "",
        words.state_name(firm.state) if firm else "",
        str(words.KINDS[Kind(row["kind"])]),
        _rounded(row["before"], 2),
        _rounded(row["after"], 2),
        _rounded(row["ratio"], 4),
        row["adjusted"],
        row["months_before"],
        row["months_after"],
        _tier(row["source_before"]),
        _tier(row["source_after"]),
        row["checked"],
    ]


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)


def _tier(letter: str | None) -> str:
    return Tier(letter).value if letter else ""

"""The columns of the table of firms, as every export has them, each with what it means."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from lms.accounts.models import Sector
from lms.foundation.i18n import gettext as _
from lms.reports import words
from lms.reports.effect import Kind
from lms.sales.models import Tier


class Named(NamedTuple):
    """The firm of a row."""

    name: str
    sector: Sector
    state: str


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
        Column(
            _("Orders before"), _("Mean a month of the months compared; empty where a channel tells none")
        ),
        Column(_("Orders after"), _("Mean a month of the known months after, likewise")),
        Column(_("Units before"), _("Mean a month of the months compared; empty where a channel tells none")),
        Column(_("Units after"), _("Mean a month of the known months after, likewise")),
        Column(
            _("Online before"),
            _(
                "Part of the sales that was online: marketplaces, own shop, social networks "
                "(0.25 is a quarter)"
            ),
        ),
        Column(_("Online after"), _("The same of the months after")),
        Column(
            _("First online sale"),
            _("Only of firms that sold nothing online before; 1: something after, 0: nothing after either"),
        ),
    ]


def cells(row: Mapping[str, Any], firm: Named | None) -> list[Any]:
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
        *_volumes(row),
    ]


def _volumes(row: Mapping[str, Any]) -> list[Any]:
    """Orders, units, online sales; a report that was published before there were these says nothing here."""
    counts = (f"{what}_{side}" for what in ("orders", "units") for side in ("before", "after"))
    return [
        *(_rounded(row.get(name), 2) for name in counts),
        _rounded(row.get("online_share_before"), 4),
        _rounded(row.get("online_share_after"), 4),
        row.get("began_online"),
    ]


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)


def _tier(letter: str | None) -> str:
    return Tier(letter).value if letter else ""

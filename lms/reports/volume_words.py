"""Orders, units and online sales of a report in sentences."""

from collections.abc import Mapping
from typing import Any

from lms.foundation.i18n import gettext as _
from lms.foundation.i18n import ngettext
from lms.reports.effect import FEWEST_FOR_STATISTICS
from lms.web.templating import signed_percent


def volumes(document: Mapping[str, Any]) -> list[str]:
    """Nothing for reports that were published before there were these numbers."""
    found = document.get("volumes")
    if found is None:
        return []
    orders = _counted(found["orders"], _("Orders"), _("orders"))
    units = _counted(found["units"], _("Units"), _("units"))
    return [*orders, *units, *_shares(found["online_share"]), *_first_online(found["first_online_sale"])]


def table(document: Mapping[str, Any]) -> tuple[list[str], list[list[Any]]]:
    """The same as a table: a head and rows; what is not said is empty."""
    found = document["volumes"]
    head = [
        _("What was counted"),
        _("Firms"),
        _("Before"),
        _("After"),
        _("Change of the sum"),
        _("Typical change"),
        _("None before"),
    ]
    rows: list[list[Any]] = [
        [
            name,
            one["firms"],
            one["before"],
            one["after"],
            one["sum_ratio"],
            one["median_ratio"],
            one["none_before"],
        ]
        for name, one in ((_("Orders a month"), found["orders"]), (_("Units a month"), found["units"]))
    ]
    share, first = found["online_share"], found["first_online_sale"]
    rows.append([_("Part sold online"), share["firms"], share["before"], share["after"], None, None, None])
    counts = (first["without_online_sales_before"], first["sold_online_after"])
    rows.append([_("First online sale"), counts[0], None, first["rate"], None, None, counts[0]])
    return head, rows


def _counted(one: Mapping[str, Any], name: str, what: str) -> list[str]:
    if not one["firms"] + one["none_before"]:
        return []
    if one["median_ratio"] is None:
        said = {"name": name, "count": one["firms"]}
        return [
            _("%(name)s: only %(count)s firms tell them before and after, too few for a percentage.", **said)
        ]
    said = {
        "name": name,
        "change": signed_percent(one["median_ratio"]),
        "total": signed_percent(one["sum_ratio"]),
        "count": one["firms"],
        "before": f"{one['before']:,.0f}",
        "after": f"{one['after']:,.0f}",
    }
    lines = [
        _(
            "%(name)s: the typical change of %(count)s firms is %(change)s; together from %(before)s to "
            "%(after)s a month (%(total)s).",
            **said,
        )
    ]
    if one["none_before"]:
        lines.append(
            ngettext(
                "%(num)s firm had no %(what)s before and has no percentage.",
                "%(num)s firms had no %(what)s before and have no percentage.",
                one["none_before"],
                what=what,
            )
        )
    return lines


def _shares(one: Mapping[str, Any]) -> list[str]:
    if one["change"] is None:
        return []
    said = {"before": f"{one['before']:.0%}", "after": f"{one['after']:.0%}", "count": one["firms"]}
    points = _("%(points)s points", points=f"{100 * one['change']:+.0f}".replace("-", "−"))
    return [
        _(
            "Sold online, in the middle of %(count)s firms: %(before)s of sales before and %(after)s after; "
            "the typical firm moved by %(points)s.",
            **said,
            points=points,
        )
    ]


def _first_online(one: Mapping[str, Any]) -> list[str]:
    could, began = one["without_online_sales_before"], one["sold_online_after"]
    if not could:
        return []
    if could < FEWEST_FOR_STATISTICS:
        return [
            ngettext(
                "Only %(num)s firm sold nothing online before, too few for a rate of first online sales.",
                "Only %(num)s firms sold nothing online before, too few for a rate of first online sales.",
                could,
            )
        ]
    said = {"have": began, "need": could, "share": f"{one['rate']:.0%}"}
    return [
        _(
            "First online sale: %(have)s of %(need)s firms that sold nothing online before (%(share)s).",
            **said,
        )
    ]

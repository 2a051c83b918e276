"""What one chose to see of the queue. Every link of it carries the choice on, so that "next" follows it."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask import request, url_for

from lms.assignments.models import Submission
from lms.assignments.services import HeldRow, QueueRow
from lms.foundation.i18n import gettext as _
from lms.web.guard import me

SHOWS = ("mine", "free", "held")


def filters() -> dict[str, Any]:
    """The cohort, the week and whose work, as far as one was chosen."""
    asked: dict[str, Any] = {name: request.args.get(name, type=int) for name in ("cohort", "week")}
    show = request.args.get("show")
    asked["show"] = show if show in SHOWS else None
    return {name: value for name, value in asked.items() if value is not None}


def chosen(rows: Iterable[QueueRow], wanted: Mapping[str, Any] | None = None) -> list[QueueRow]:
    """The work to review that one wants to see; what is reviewed and held is a list of its own."""
    wanted = filters() if wanted is None else wanted
    return [row for row in rows if _is_there(row, wanted) and _is_whose(row, wanted.get("show"))]


def chosen_held(rows: Iterable[HeldRow], wanted: Mapping[str, Any] | None = None) -> list[HeldRow]:
    wanted = filters() if wanted is None else wanted
    if wanted.get("show") not in (None, "held"):
        return []
    return [row for row in rows if _is_there(row, wanted)]


def options(rows: list[QueueRow], name: str, labels: Mapping[int, str]) -> list[dict[str, Any]]:
    """What a filter can be set to, each with how many rows one would see then; the others stay."""
    return [
        _option(name, value, label, len(chosen(rows, _with(name, value))))
        for value, label in [(None, _("All")), *sorted(labels.items())]
    ]


def whose(rows: list[QueueRow], held: list[HeldRow]) -> list[dict[str, Any]]:
    """The filter by whose work it is."""
    labels = {None: _("All"), "mine": _("Mine"), "free": _("Not in hand"), "held": _("Shown later")}
    counts = {value: len(chosen(rows, _with("show", value))) for value in (None, "mine", "free")}
    counts["held"] = len(chosen_held(held, _with("show", "held")))
    return [_option("show", value, label, counts[value]) for value, label in labels.items()]


def next_free(rows: list[QueueRow], submission: Submission) -> int | None:
    """The next work after this one, from the start again after the last, that no colleague has in hand."""
    place = next((place for place, row in enumerate(rows) if row.submission_id == submission.id), -1)
    others = rows[place + 1 :] + rows[: max(place, 0)]
    following = [row for row in others if row.claimed_by is None or row.claimed_by_id == me().id]
    return following[0].submission_id if following else None


def _is_there(row: QueueRow | HeldRow, wanted: Mapping[str, Any]) -> bool:
    cohort, week = wanted.get("cohort"), wanted.get("week")
    return cohort in (None, row.cohort_id) and week in (None, row.week)


def _is_whose(row: QueueRow, show: str | None) -> bool:
    if show == "mine":
        return row.claimed_by is not None and row.claimed_by_id == me().id
    return show is None or (show == "free" and row.claimed_by is None)


def _with(name: str, value: Any) -> dict[str, Any]:
    others = {key: kept for key, kept in filters().items() if key != name}
    return others if value is None else {**others, name: value}


def _option(name: str, value: Any, label: str, count: int) -> dict[str, Any]:
    return {
        "label": label,
        "count": count,
        "url": url_for(".queue", **_with(name, value)),
        "current": filters().get(name) == value,
    }

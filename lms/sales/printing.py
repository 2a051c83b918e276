"""What an import did or would do, as text for a terminal."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from lms.foundation.i18n import gettext as _
from lms.foundation.sheets import show_name
from lms.sales import words
from lms.sales.models import Channel


def as_text(answers: Sequence[dict[str, Any]]) -> str:
    """Every import with its months, what was left out and what was noted."""
    return "\n\n".join(part for answer in answers for part in _parts(answer))


def _parts(answer: dict[str, Any]) -> list[str]:
    parts = [f"{words.source_name(answer['source'])} · {words.CHANNELS[Channel(answer['channel'])]}"]
    if answer["source"] == "cfdi":
        of_files = (_("file"), _("counts"), _("month"), _("amount"), _("why"))
        parts.append(_table(of_files, [_file_row(one) for one in answer["files"]], right=(3,)))
    else:
        parts.append("\n".join(_file_line(one) for one in answer["files"]))
    if answer["months"]:
        headers = (_("month"), _("the file says"), _("orders"), _("now"), _("then"), "")
        parts.append(_table(headers, [_month_row(one) for one in answer["months"]], right=(1, 2, 3, 4)))
    notes = _notes(answer)
    if notes:
        parts.append("\n".join(notes))
    parts.append(_ending(answer))
    if answer["source"] == "cfdi":
        parts.append(_("Whether the SAT has cancelled an invoice was not checked."))
    return parts


def _file_row(one: dict[str, Any]) -> tuple[str, ...]:
    return (
        show_name(one["name"]),
        _("yes") if one["counts"] else _("no"),
        one["month"] or "",
        "" if one["gross"] is None else f"{Decimal(one['gross']):,.2f}",
        str(words.REASONS.get(one["reason"], one["reason"])),
    )


def _file_line(one: dict[str, Any]) -> str:
    return _("%(name)s: %(rows)s rows read", name=show_name(one["name"]), rows=f"{one['rows']:,}")


def _month_row(one: dict[str, Any]) -> tuple[str, ...]:
    return (
        one["month"],
        _amount(one["pesos"]),
        "" if one["orders"] is None else f"{one['orders']:,}",
        _amount(one["before"]),
        _amount(one["after"]),
        "; ".join(_month_notes(one)),
    )


def _month_notes(one: dict[str, Any]) -> list[str]:
    notes = []
    if one["why"]:
        notes.append(str(words.WHY_CLOSED[one["why"]]))
    elif one["change"] == "same":
        notes.append(_("nothing changes"))
    if one["replaces"] and not one["why"]:
        notes.append(_("replaces: %(source)s", source=words.source_name(one["replaces"])))
    if one["below_zero"]:
        notes.append(_("returns exceed the sales"))
    if one["complete"] is None and not one["why"]:
        notes.append(_("perhaps not the whole month"))
    return notes


def _notes(answer: dict[str, Any]) -> list[str]:
    lines = [
        f"{number:,} × {words.reason_name(reason)}"
        for reason, number in sorted(answer["left_out"].items(), key=lambda one: -one[1])
    ]
    lines += [f"{number:,} · {words.NOTED[one]}" for one, number in answer.get("noted", {}).items()]
    statuses = answer.get("statuses") or {}
    if statuses:
        lines.append(", ".join(f"“{show_name(status)}” ({number:,})" for status, number in statuses.items()))
    columns = answer.get("columns") or {}
    if columns:
        lines.append(", ".join(f"{key} = {show_name(name)}" for key, name in columns.items()))
    return lines


def _ending(answer: dict[str, Any]) -> str:
    if answer["source"] == "cfdi":
        counted = _(
            "%(counted)s of %(all)s files count.", counted=answer["counted"], all=len(answer["files"])
        )
    else:
        counted = _(
            "%(counted)s of %(all)s rows count.",
            counted=f"{answer['counted']:,}",
            all=f"{answer['rows']:,}",
        )
    written = _("Written.") if answer["written"] else _("Nothing was written.")
    return f"{counted} {written}"


def _amount(text: str | None) -> str:
    return "—" if text is None else f"{Decimal(text):,.2f}"


def _table(headers: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[int] = ()) -> str:
    widths = [max(len(row[at]) for row in (headers, *rows)) for at in range(len(headers))]
    lines = [headers, tuple("-" * width for width in widths), *rows]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if at in right else cell.ljust(width)
            for at, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )

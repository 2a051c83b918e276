"""Importing invoices at the command line, with the same table that the page shows."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path

import click
from flask.cli import AppGroup
from sqlalchemy import select

from lms.accounts.models import Firm
from lms.cohorts.models import Enrolment
from lms.cohorts.services import current_enrolment
from lms.foundation.db import db, transaction
from lms.foundation.errors import Refused
from lms.foundation.money import format_money
from lms.sales import months, services
from lms.sales.cfdi import tidy_rfc
from lms.sales.invoices import CHANNELS, FileLine, MonthLine, Plan
from lms.sales.models import Channel

sales = AppGroup("sales", help="Sales of firms.")
GROUPS = (sales,)

UNKNOWN_FIRM = 2


@sales.command("import")
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--firm", "rfc", required=True, metavar="RFC", help="The firm whose sales these invoices are.")
@click.option(
    "--channel",
    type=click.Choice([channel.value for channel in CHANNELS]),
    default=Channel.WHOLESALE.value,
    show_default=True,
    help="The one channel that these invoices add up to; “other” means all sales together.",
)
@click.option("--dry-run", is_flag=True, help="Show what would change and change nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON.")
def import_files(files: Sequence[Path], rfc: str, channel: str, dry_run: bool, as_json: bool) -> None:
    """Import CFDI invoices: XML files, or ZIPs of them."""
    contents = [(path.name, path.read_bytes()) for path in files]
    try:
        with transaction():
            enrolment = _enrolment_of(rfc)
            plan = services.plan_import(enrolment, Channel(channel), contents)
            written = not dry_run and bool(plan.counted)
            if written:
                owner = enrolment.firm.people[0]
                services.import_invoices(enrolment, Channel(channel), contents, by=owner, actor_id=None)
    except Refused as refusal:
        raise click.ClickException(str(refusal)) from refusal
    click.echo(_as_json(plan, written=written) if as_json else _as_text(plan, written=written))


def _enrolment_of(rfc: str) -> Enrolment:
    firm = db.session.scalars(select(Firm).where(Firm.rfc == tidy_rfc(rfc))).first()
    enrolment = current_enrolment(firm.id) if firm else None
    if firm is None or enrolment is None or not firm.people:
        known = "has no course or no people" if firm else "is not known"
        click.echo(f"The firm with the RFC {rfc} {known}.", err=True)
        sys.exit(UNKNOWN_FIRM)
    return enrolment


def _as_json(plan: Plan, *, written: bool) -> str:
    rows = [
        {
            "name": line.name,
            "counts": line.count,
            "reason": str(line.reason),
            "month": months.write_month(line.month) if line.month else None,
            "gross": None if line.gross is None else str(line.gross),
            "uuid": line.uuid or None,
        }
        for line in plan.files
    ]
    return json.dumps(
        {"written": written, **services.as_data(plan), "files": rows}, ensure_ascii=False, indent=2
    )


def _as_text(plan: Plan, *, written: bool) -> str:
    parts = [_table(("file", "counts", "month", "amount", "why"), [_file_row(line) for line in plan.files])]
    if plan.months:
        headers = ("month", "invoices", "now", "then", "")
        parts.append(_table(headers, [_month_row(line) for line in plan.months]))
    counted = f"{len(plan.counted)} of {len(plan.files)} files count for {plan.channel.value}."
    parts.append(f"{counted} {'Written.' if written else 'Nothing was written.'}")
    parts.append("Whether the SAT has cancelled an invoice was not checked.")
    return "\n\n".join(parts)


def _file_row(line: FileLine) -> tuple[str, ...]:
    month = months.write_month(line.month) if line.month else ""
    amount = "" if line.gross is None else f"{line.gross:,.2f}"
    return (line.name, "yes" if line.count else "no", month, amount, str(line.reason).replace("_", " "))


def _month_row(line: MonthLine) -> tuple[str, ...]:
    notes = [
        note
        for note, holds in (
            ("replaces what a person wrote", line.was_typed and not line.is_new),
            ("credit notes exceed the sales", line.below_zero),
        )
        if holds
    ]
    return (
        months.write_month(line.month),
        str(line.invoices),
        format_money(line.before),
        format_money(line.after),
        "; ".join(notes),
    )


def _table(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    widths = [max(len(row[at]) for row in (headers, *rows)) for at in range(len(headers))]
    lines = [headers, tuple("-" * width for width in widths), *rows]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )

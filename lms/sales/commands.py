"""Importing sales at the command line, with the same table that the page shows."""

import json
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup
from sqlalchemy import select

from lms.accounts.models import Firm
from lms.cohorts.models import Enrolment
from lms.cohorts.services import current_enrolment
from lms.foundation.db import db, transaction
from lms.foundation.errors import Refused
from lms.foundation.garbage import uncollected
from lms.foundation.i18n import gettext as _
from lms.sales import months, printing, services
from lms.sales.cfdi import tidy_rfc
from lms.sales.importers.layout import Setting
from lms.sales.models import Channel
from lms.sales.reading import Unmapped

sales = AppGroup("sales", help="Sales of firms.")
GROUPS = (sales,)

UNKNOWN_FIRM = 2


@sales.command("import")
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--firm", "rfc", required=True, metavar="RFC", help="The firm whose sales these are.")
@click.option(
    "--channel",
    type=click.Choice([channel.value for channel in Channel]),
    help="The one channel that these files add up to. Marketplaces' files know theirs; invoices are taken as "
    "wholesale, other tables as other. For invoices, “other” means all sales together.",
)
@click.option(
    "--map",
    "pairs",
    multiple=True,
    metavar="MEANING=COLUMN",
    help="What a column of any other table means: date, pesos (with VAT), net (without), price, units, "
    "order, status, refunded, fees, currency. COLUMN is a name, or a number from 1.",
)
@click.option("--month", metavar="YYYY-MM", help="The month of a report that does not name its own.")
@click.option("--vat", type=click.Choice(["included", "added"]), help="Whether amounts include VAT.")
@click.option("--dates", type=click.Choice(["dmy", "mdy"]), help="What 03/04/2026 means in the file.")
@click.option("--dry-run", is_flag=True, help="Show what would change and change nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON.")
def import_files(
    files: Sequence[Path],
    rfc: str,
    channel: str | None,
    pairs: Sequence[str],
    month: str | None,
    vat: str | None,
    dates: str | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Import sales: exports of marketplaces and shops, invoices (XML or ZIP), any table with --map."""
    try:
        setting = Setting(
            zone="",
            rfc=tidy_rfc(rfc),
            month=months.parse_month(month) if month else None,
            mapping=dict(_pair(text) for text in pairs),
            vat=vat or "",
            date_order=dates or "",
        )
        # To look through half a million orders for garbage again and again takes a fifth of the time.
        with uncollected():
            answers = _import(files, rfc, Channel(channel) if channel else None, setting, dry_run=dry_run)
    except ValueError as wrong:
        raise click.UsageError(str(wrong)) from wrong
    except Unmapped as unmapped:
        raise click.ClickException(_columns_needed(unmapped)) from unmapped
    except Refused as refusal:
        raise click.ClickException(str(refusal)) from refusal
    answer = _together(answers)
    click.echo(json.dumps(answer, ensure_ascii=False, indent=2) if as_json else printing.as_text(answers))


def _columns_needed(unmapped: Unmapped) -> str:
    names = ", ".join(f"“{name}”" for name in unmapped.columns.names[:60])
    return _(
        "This file is of no format that we know. Say what its columns mean, for example "
        "--map date=COLUMN --map pesos=COLUMN. Its columns are: %(names)s",
        names=names,
    )


def _pair(text: str) -> tuple[str, str]:
    meaning, sign, column = text.partition("=")
    if not sign or not meaning.strip() or not column.strip():
        raise ValueError(_("Write --map as MEANING=COLUMN, for example --map date=Fecha."))
    return meaning.strip(), column.strip()


def _import(
    files: Sequence[Path], rfc: str, channel: Channel | None, setting: Setting, *, dry_run: bool
) -> list[dict[str, Any]]:
    setting = replace(setting, zone=_enrolment_of(rfc).firm.time_zone)
    db.session.rollback()
    # Read before the transaction: a large file must not keep others from writing.
    tables, documents = services.sort_files([_given(path) for path in files])
    read = services.read_tables(tables, channel, setting, guess=True)
    with transaction():
        enrolment = _enrolment_of(rfc)
        who: dict[str, Any] = {"by": enrolment.firm.people[0], "actor_id": None, "dry_run": dry_run}
        answers = [services.import_read(enrolment, one, **who) for one in read]
        if documents:
            answers += services.import_documents(enrolment, channel, documents, **who)
    return answers


def _given(path: Path) -> services.Given:
    return path.name, lambda: path.open("rb")


def _together(answers: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """One answer; of several imports their months and counts, with each of them below `imports`."""
    if len(answers) == 1:
        return answers[0]
    left_out: Counter[str] = Counter()
    for answer in answers:
        left_out.update(answer["left_out"])
    return {
        "written": any(answer["written"] for answer in answers),
        "counted": sum(answer["counted"] for answer in answers),
        "left_out": dict(left_out),
        "months": [month for answer in answers for month in answer["months"]],
        "files": [file for answer in answers for file in answer["files"]],
        "cancellation_checked": False,
        "imports": list(answers),
    }


def _enrolment_of(rfc: str) -> Enrolment:
    firm = db.session.scalars(select(Firm).where(Firm.rfc == tidy_rfc(rfc))).first()
    enrolment = current_enrolment(firm.id) if firm else None
    if firm is None or enrolment is None or not firm.people:
        known = _("The firm with the RFC %(rfc)s has no course or no people.", rfc=rfc)
        unknown = _("The firm with the RFC %(rfc)s is not known.", rfc=rfc)
        click.echo(known if firm else unknown, err=True)
        sys.exit(UNKNOWN_FIRM)
    return enrolment

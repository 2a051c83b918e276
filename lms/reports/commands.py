"""Results at the command line: anybody's figures, by the very functions of the report."""

import json
import sys
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import click
from flask.cli import AppGroup
from flask_babel import force_locale

from lms.foundation.garbage import uncollected
from lms.foundation.i18n import gettext as _
from lms.reports.evaluation import PRIMARY, WINDOWS, Course, Evaluation, evaluate
from lms.reports.evaluation_data import as_data
from lms.reports.evaluation_words import as_text, verdict
from lms.reports.figures_file import FiguresFile, FiguresInTurn, Unreadable, parse_month, read_figures
from lms.reports.many import OtherStart

results = AppGroup("results", help="Sales before and after.")
GROUPS = (results,)

LANGUAGES = {"es": "es_MX", "en": "en"}
UNREADABLE = 2


class Month(click.ParamType):
    name = "YYYY-MM"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> date:
        try:
            return parse_month(value)
        except ValueError:
            self.fail(f"{value!r} is not a month like 2026-03", param, ctx)


@results.command("evaluate")
@click.argument("figures", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--start", required=True, type=Month(), help="The first month of the programme.")
@click.option(
    "--programme-months",
    type=click.IntRange(0, 60),
    default=4,
    show_default=True,
    help="How many months from the start on are neither before nor after.",
)
@click.option(
    "--after",
    type=click.IntRange(1, 60),
    default=PRIMARY,
    show_default=True,
    help="How many months after the programme make the primary window.",
)
@click.option(
    "--fewest-before",
    type=click.IntRange(1, 12),
    default=1,
    show_default=True,
    help="How few known months before make a before; under 12 the firm is not adjusted for season.",
)
@click.option(
    "--in-turn",
    is_flag=True,
    help="For files larger than the memory: rows of a firm stand together, all start in the same month.",
)
@click.option("--language", type=click.Choice(list(LANGUAGES)), default="es", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON (docs/evaluate.md).")
def evaluate_figures(
    figures: Path,
    start: date,
    programme_months: int,
    after: int,
    fewest_before: int,
    in_turn: bool,
    language: str,
    as_json: bool,
) -> None:
    """Compare sales before and after in FIGURES, a CSV with the columns firm, month, pesos and group.

    The group is `program` or `comparison`. Ends with 2 and names line and column when the file is not right.
    """
    course = Course(start=start, programme_months=programme_months, fewest_before=fewest_before)
    lengths = (after, *(length for length in WINDOWS if length != after))
    with force_locale(LANGUAGES[language]):
        try:
            found, file = (_evaluate_large if in_turn else _evaluate)(figures, course, lengths)
        except (Unreadable, OtherStart) as wrong:
            click.echo(f"{figures.name}: {wrong}", err=True)
            sys.exit(UNREADABLE)
        click.echo(_as_json(found, file) if as_json else as_text(found))
        if file.ignored:
            names = ", ".join(name or "—" for name in file.ignored)
            click.echo(_("Columns left aside: %(names)s", names=names), err=True)


def _evaluate(figures: Path, course: Course, lengths: Sequence[int]) -> tuple[Evaluation, FiguresFile]:
    with uncollected():
        file = read_figures(figures)
        return evaluate(file.firms, course, lengths), file


def _evaluate_large(figures: Path, course: Course, lengths: Sequence[int]) -> tuple[Evaluation, FiguresFile]:
    """With a line of progress on the other stream, so that the answer alone can be kept."""
    from lms.reports.many import evaluate_many

    begun = time.monotonic()

    def say(text: str) -> None:
        click.echo(f"{time.monotonic() - begun:6.0f} s  {text}", err=True)

    firms = FiguresInTurn(figures, lambda rows, count: say(f"{rows:,} rows, {count:,} firms"))
    found = evaluate_many(firms, course, lengths, lambda step: say(f"computing {step}"))
    if firms.about is None:
        raise Unreadable(_("there is no firm of the group “program” in the file"))
    return found, firms.about


def _as_json(found: Evaluation, file: FiguresFile) -> str:
    about = {
        "file": {
            "rows": file.rows,
            "first_month": f"{file.first:%Y-%m}",
            "last_month": f"{file.last:%Y-%m}",
            "columns_left_aside": list(file.ignored),
        },
        "statement": verdict(found),
    }
    return json.dumps(about | as_data(found), ensure_ascii=False, indent=2)


@results.command("verify")
@click.argument("number", type=int)
def verify_report(number: int) -> None:
    """Say whether published report NUMBER says today, to the letter, what was published."""
    # The database is loaded only here: evaluating figures needs none.
    from lms.foundation.db import db
    from lms.reports import snapshots
    from lms.reports.models import ReportSnapshot

    snapshot = db.session.get(ReportSnapshot, number)
    if snapshot is None:
        click.echo(f"There is no published report {number}.", err=True)
        sys.exit(UNREADABLE)
    holds = snapshots.verify(snapshot)
    found = snapshots.hash_of(snapshot.content)
    click.echo(f"report {number}: {'unchanged' if holds else 'changed after it was published'}")
    click.echo(f"SHA-256 written down: {snapshot.sha256}")
    click.echo(f"SHA-256 of the content: {found}")
    if not holds:
        sys.exit(1)

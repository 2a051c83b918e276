"""The report on paper: a tagged PDF with the charts of the page, the same bytes for the same report."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from lms.foundation import typesetting
from lms.foundation.i18n import gettext as _
from lms.reports import pictures, sentences, volume_words
from lms.reports.definitions import definitions
from lms.reports.drawings import Drawing
from lms.reports.models import ReportSnapshot
from lms.web.standalone import spoken, standing_alone
from lms.web.templating import in_english, signed_percent

FOLDER = Path(__file__).parent / "templates"
WIDTH = 660


def paper(document: Mapping[str, Any], snapshot: ReportSnapshot | None, site_name: str) -> bytes:
    """The whole report as PDF."""
    about = document["about"]
    content = {
        "language": "en" if in_english() else "es",
        "site_name": site_name,
        "title": sentences.finding(document),
        "programme": about["programme"],
        "about": sentences.heading(document),
        "tiles": _tiles(document),
        "parts": [part for part in _parts(document) if part["lines"] or part["charts"]],
        "numbers_of": _("Numbers of the chart"),
        "definitions_title": _("How this report was made"),
        "definitions": definitions(),
        "seal": _seal(snapshot),
        "date": date.fromisoformat(about["made_on"]).timetuple()[:3],
    }
    made_at = datetime.combine(date.fromisoformat(about["made_on"]), datetime.min.time(), UTC)
    return typesetting.pdf(FOLDER / "report.typ", content, made_at)


def _tiles(document: Mapping[str, Any]) -> list[list[str]]:
    """The four numbers of the page: each with its unit, what it is, and beside what it stands."""
    change, stages = pictures.primary(document), document["flow"]
    if change["median_ratio"] is None:
        return []
    measured, counts = change["flow"]["measured"], change["directions"]
    number, unit, before = pictures.sums(document)
    share = signed_percent(change["sums"]["ratio"])
    return [
        [
            signed_percent(change["median_ratio"]),
            "",
            _("Typical change of a firm"),
            _("Median of the change of %(count)s firms", count=measured),
        ],
        [
            number,
            unit,
            _("Monthly sales of the %(count)s together", count=measured),
            _("Before: %(before)s (%(change)s)", before=before, change=share),
        ],
        [
            _("%(have)s of %(need)s", have=counts["rose"], need=measured),
            "",
            _("Firms that sell more"),
            _("%(fell)s fell, %(same)s stayed the same", fell=counts["fell"], same=counts["same"]),
        ],
        [
            str(stages["graduated"]),
            _("of %(need)s", need=stages["admitted"]),
            _("Firms that graduated"),
            "",
        ],
    ]


def _parts(document: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The sections of the page in its order, each with the charts that belong to it."""
    levels = [f"{name}: {text}" for name, text in sentences.levels(document)]
    return [
        _part(
            _("Results"),
            [sentences.reading(document)],
            (_("How far the firms came"), pictures.flow(document)),
            (_("How many firms changed by how much"), pictures.spread(document)),
            (_("From before to after, firm by firm"), pictures.slopes(document)),
        ),
        _part(
            _("What was observed"),
            sentences.results(document),
            (_("The typical change in each window"), pictures.windows(document)),
        ),
        _part(_("Orders, units and online sales"), volume_words.volumes(document)),
        _part(
            _("Against comparison firms"),
            sentences.comparison(document),
            (_("Month by month against the comparison firms"), pictures.events(document)),
        ),
        _part(
            _("What the numbers rest on"),
            sentences.quality(document),
            (_("Of how many firms each month is known"), pictures.completeness(document)),
        ),
        _part(_("Help given and change"), sentences.dose(document)),
        _part(
            _("Four levels"),
            levels,
            (_("Practices at the start and at the end"), pictures.practices(document)),
        ),
    ]


def _part(title: str, lines: list[str], *drawn: tuple[str, Drawing | None]) -> dict[str, Any]:
    charts = [_chart(name, drawing) for name, drawing in drawn if drawing]
    return {"title": title, "lines": lines, "charts": charts}


def _chart(title: str, drawing: Drawing) -> dict[str, Any]:
    return {
        "title": title,
        "alt": spoken(drawing.svg),
        "svg": standing_alone(drawing.svg, WIDTH),
        "head": drawing.head,
        "rows": drawing.rows,
    }


def _seal(snapshot: ReportSnapshot | None) -> str:
    if snapshot is None:
        return _("Not published: these numbers may still change.")
    return _(
        "Published report number %(number)s. SHA-256: %(hash)s", number=snapshot.id, hash=snapshot.sha256
    )

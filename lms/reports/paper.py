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
from lms.web.standalone import standing_alone
from lms.web.templating import in_english

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
        "sections": [{"title": title, "lines": lines} for title, lines in _sections(document) if lines],
        "charts": [_chart(title, drawing) for title, drawing in _charts(document) if drawing],
        "definitions_title": _("How this report was made"),
        "definitions": definitions(),
        "seal": _seal(snapshot),
        "date": date.fromisoformat(about["made_on"]).timetuple()[:3],
    }
    made_at = datetime.combine(date.fromisoformat(about["made_on"]), datetime.min.time(), UTC)
    return typesetting.pdf(FOLDER / "report.typ", content, made_at)


def _sections(document: Mapping[str, Any]) -> list[tuple[str, list[str]]]:
    return [
        (_("What was observed"), sentences.results(document)),
        (_("Orders, units and online sales"), volume_words.volumes(document)),
        (_("Against comparison firms"), sentences.comparison(document)),
        (_("What the numbers rest on"), sentences.quality(document)),
        (_("Help given and change"), sentences.dose(document)),
        (_("Four levels"), [f"{name}: {text}" for name, text in sentences.levels(document)]),
    ]


def _charts(document: Mapping[str, Any]) -> list[tuple[str, Drawing | None]]:
    return [
        (_("The typical change in each window"), pictures.windows(document)),
        (_("Month by month against the comparison firms"), pictures.events(document)),
        (_("Of how many firms each month is known"), pictures.completeness(document)),
        (_("Practices at the start and at the end"), pictures.practices(document)),
    ]


def _chart(title: str, drawing: Drawing) -> dict[str, Any]:
    return {
        "title": title,
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

"""A report as a file: JSON, CSV with its dictionary, a workbook, a PDF; all from the document of the page."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from flask import current_app, make_response
from sqlalchemy import select

from lms.accounts.models import Firm
from lms.cohorts.models import Enrolment
from lms.foundation.db import db, in_parts
from lms.foundation.i18n import gettext as _
from lms.foundation.tabular import write_csv
from lms.reports import columns
from lms.reports.columns import Named
from lms.reports.models import ReportSnapshot
from lms.web.security import attachment_headers

Document = Mapping[str, Any]
TYPES = {
    "json": "application/json",
    "csv": "text/csv",
    "dictionary": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}
ENDINGS = {"dictionary": "dictionary.csv"}


def answer(kind: str, document: Document, number: int, snapshot: ReportSnapshot | None = None):
    """The file of this kind, to be kept."""
    make: dict[str, Callable[[], bytes]] = {
        "json": lambda: _as_json(document, snapshot),
        "csv": lambda: _as_csv(document),
        "dictionary": _dictionary,
        "xlsx": lambda: _as_workbook(document),
        "pdf": lambda: _as_pdf(document, snapshot),
    }
    response = make_response(make[kind]())
    response.mimetype = TYPES[kind]
    what = "report" if snapshot else "programme"
    name = f"{what}-{number}-{document['about']['made_on']}.{ENDINGS.get(kind, kind)}"
    return attachment_headers(response, name, inline=False)


def firms_of(document: Document) -> dict[int, Named]:
    """The firms of the rows, by enrolment; who reads a report may read their names."""
    found: dict[int, Named] = {}
    for some in in_parts([row["enrolment"] for row in document["firms"]]):
        wanted = (
            select(Enrolment.id, Firm.name, Firm.sector, Firm.state)
            .join(Firm, Firm.id == Enrolment.firm_id)
            .where(Enrolment.id.in_(some))
        )
        found |= {key: Named(name, sector, state) for key, name, sector, state in db.session.execute(wanted)}
    return found


def _as_json(document: Document, snapshot: ReportSnapshot | None) -> bytes:
    """Of a published report the very bytes that were hashed, so that anybody can hash them again."""
    if snapshot is not None:
        return snapshot.content.encode()
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


def _as_csv(document: Document) -> bytes:
    firms = firms_of(document)
    rows = (columns.cells(row, firms.get(row["enrolment"])) for row in document["firms"])
    return write_csv([column.title for column in columns.columns()], rows)


def _dictionary() -> bytes:
    return write_csv([_("Column"), _("Meaning")], [(one.title, one.meaning) for one in columns.columns()])


def _as_workbook(document: Document) -> bytes:
    # Loaded by who asks for a workbook or a PDF; a server that makes none needs neither library.
    from lms.reports.workbook import workbook

    return workbook(document, firms_of(document))


def _as_pdf(document: Document, snapshot: ReportSnapshot | None) -> bytes:
    from lms.reports.paper import paper

    return paper(document, snapshot, current_app.config["SITE_NAME"])

"""Keeping a firm's calculations, and finding them again."""

from collections.abc import Mapping
from decimal import Decimal

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.exc import IntegrityError

from lms.accounts.person import Person
from lms.cohorts.models import Enrolment
from lms.cohorts.services import note_activity
from lms.curriculum.calculators import CALCULATORS
from lms.curriculum.models import Lesson
from lms.foundation.clock import now
from lms.foundation.db import db
from lms.foundation.errors import Refused
from lms.foundation.i18n import gettext as _
from lms.tools.models import ToolSheet


def keep(
    enrolment: Enrolment,
    tool: str,
    name: str,
    values: Mapping[str, Decimal],
    *,
    by: Person,
    sheet: ToolSheet | None = None,
) -> ToolSheet:
    """Calculate, and keep numbers and results: in `sheet`, else under the name, replacing what was there.

    Raises Refused when the numbers have no answer, or when another sheet has the name; then nothing is kept.
    """
    results = CALCULATORS[tool].compute(values)
    namesake = db.session.scalar(_under(enrolment, tool, name))
    if sheet is not None and namesake not in (None, sheet):
        raise Refused(_("Your firm keeps another calculation under this name. Write a different one."))
    sheet = sheet or namesake or _begin(enrolment, tool, name, by)
    sheet.name = name
    sheet.enrolment_id, sheet.user_id, sheet.updated_at = enrolment.id, by.id, now()
    sheet.inputs = {key: str(value) for key, value in values.items()}
    sheet.results = {key: str(value) for key, value in results.items()}
    note_activity(enrolment)
    db.session.flush()
    return sheet


def _under(enrolment: Enrolment, tool: str, name: str) -> Select[ToolSheet]:
    return select(ToolSheet).where(
        ToolSheet.firm_id == enrolment.firm_id, ToolSheet.tool == tool, ToolSheet.name == name
    )


def _begin(enrolment: Enrolment, tool: str, name: str, by: Person) -> ToolSheet:
    sheet = ToolSheet(
        enrolment_id=enrolment.id,
        firm_id=enrolment.firm_id,
        user_id=by.id,
        tool=tool,
        name=name,
        inputs={},
        results={},
        created_at=now(),
        updated_at=now(),
    )
    try:
        with db.session.begin_nested():
            db.session.add(sheet)
    except IntegrityError:
        # The other person of the firm kept it in this moment.
        return db.session.scalars(_under(enrolment, tool, name)).one()
    return sheet


def delete(sheet: ToolSheet) -> None:
    db.session.delete(sheet)


def sheets_of(firm_id: int) -> list[ToolSheet]:
    """Everything that a firm has calculated, the newest first."""
    return _newest_first(ToolSheet.firm_id == firm_id)


def sheets_in(enrolment: Enrolment) -> list[ToolSheet]:
    """What a firm keeps in one cohort, as the staff of that cohort may read it; the newest first."""
    return _newest_first(ToolSheet.enrolment_id == enrolment.id)


def _newest_first(which: ColumnElement[bool]) -> list[ToolSheet]:
    found = select(ToolSheet).where(which)
    return list(db.session.scalars(found.order_by(ToolSheet.updated_at.desc(), ToolSheet.id.desc())))


def example_of(version_id: int, tool: str) -> dict[str, float]:
    """The numbers of the worked example in the course's lesson with this calculator, or none."""
    taught = select(Lesson.tools).where(Lesson.version_id == version_id).order_by(Lesson.id)
    rows = (row for tools in db.session.scalars(taught) for row in tools)
    return next((row["example"] for row in rows if row["tool"] == tool), {})

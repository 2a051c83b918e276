"""Keeping a firm's calculations, and finding them again."""

from collections.abc import Mapping
from decimal import Decimal

from sqlalchemy import select

from lms.accounts.person import Person
from lms.cohorts.models import Enrolment
from lms.curriculum.calculators import CALCULATORS
from lms.curriculum.models import Lesson
from lms.foundation.clock import now
from lms.foundation.db import db
from lms.tools.models import ToolSheet


def keep(
    enrolment: Enrolment, tool: str, name: str, values: Mapping[str, Decimal], *, by: Person
) -> ToolSheet:
    """Calculate, and keep numbers and results; the same name again replaces what was there.

    Raises Refused when the numbers have no answer; then nothing is kept.
    """
    results = CALCULATORS[tool].compute(values)
    mine = select(ToolSheet).where(
        ToolSheet.firm_id == enrolment.firm_id, ToolSheet.tool == tool, ToolSheet.name == name
    )
    sheet = db.session.scalar(mine) or ToolSheet(
        firm_id=enrolment.firm_id, tool=tool, name=name, created_at=now()
    )
    sheet.enrolment_id, sheet.user_id, sheet.updated_at = enrolment.id, by.id, now()
    sheet.inputs = {key: str(value) for key, value in values.items()}
    sheet.results = {key: str(value) for key, value in results.items()}
    db.session.add(sheet)
    enrolment.last_activity_at = now()
    db.session.flush()
    return sheet


def delete(sheet: ToolSheet) -> None:
    db.session.delete(sheet)


def sheets_of(firm_id: int) -> list[ToolSheet]:
    """Everything that a firm has calculated, the newest first."""
    mine = select(ToolSheet).where(ToolSheet.firm_id == firm_id)
    return list(db.session.scalars(mine.order_by(ToolSheet.updated_at.desc(), ToolSheet.id.desc())))


def example_of(version_id: int, tool: str) -> dict[str, float]:
    """The numbers of the worked example in the course's lesson with this calculator, or none."""
    taught = select(Lesson.tools).where(Lesson.version_id == version_id).order_by(Lesson.id)
    rows = (row for tools in db.session.scalars(taught) for row in tools)
    return next((row["example"] for row in rows if row["tool"] == tool), {})

"""Which firms a report is about: a programme, some of its cohorts, a sector, a state."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from lms.accounts.models import Firm, Sector
from lms.cohorts.catalogues import STATES
from lms.cohorts.models import Cohort, Enrolment, Programme
from lms.curriculum.models import CourseVersion
from lms.foundation.db import db


@dataclass(frozen=True, kw_only=True)
class Selection:
    """What was chosen. No cohorts chosen means all that have begun; no sector or state, all of them."""

    programme: Programme
    cohorts: tuple[Cohort, ...]
    weeks: dict[int, int]
    chosen: bool
    sector: Sector | None = None
    state: str = ""

    @property
    def is_whole_programme(self) -> bool:
        return not self.chosen and self.sector is None and not self.state

    def conditions(self) -> list[Any]:
        """The enrolments that belong to it."""
        found: list[Any] = [Enrolment.cohort_id.in_([cohort.id for cohort in self.cohorts])]
        if self.sector is not None:
            found.append(Firm.sector == self.sector)
        if self.state:
            found.append(Firm.state == self.state)
        return found

    def arguments(self) -> dict[str, Any]:
        """The same as arguments of an address."""
        found: dict[str, Any] = {}
        if self.chosen:
            found["cohort"] = [cohort.id for cohort in self.cohorts]
        if self.sector is not None:
            found["sector"] = self.sector.value
        if self.state:
            found["state"] = self.state
        return found


def select_from(
    programme: Programme, cohort_ids: Collection[int] = (), sector: str = "", state: str = ""
) -> Selection:
    """The selection that these words of an address name; what names nothing of the programme is left out."""
    rows = db.session.execute(
        select(Cohort, CourseVersion.weeks)
        .join(CourseVersion, CourseVersion.id == Cohort.course_version_id)
        .where(Cohort.programme_id == programme.id)
        .order_by(Cohort.starts_on, Cohort.id)
    ).all()
    wanted = [row for row in rows if row[0].id in cohort_ids]
    return Selection(
        programme=programme,
        cohorts=tuple(row[0] for row in (wanted or rows)),
        weeks={row[0].id: row[1] for row in rows},
        chosen=bool(wanted),
        sector=Sector(sector) if sector in {one.value for one in Sector} else None,
        state=state if state in STATES else "",
    )

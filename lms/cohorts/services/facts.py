"""Figures that no public source gives: what a programme writes for its firms, and what is due for review."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from markupsafe import Markup
from sqlalchemy import select

from lms.accounts.person import Person
from lms.cohorts.models import Programme, ProgrammeFact
from lms.curriculum import syllabus
from lms.curriculum.calculators import CALCULATORS
from lms.curriculum.facts import fill, has_parameters, number_in
from lms.curriculum.syllabus import Fact
from lms.foundation.clock import now, today
from lms.foundation.db import db
from lms.foundation.errors import Refused
from lms.foundation.i18n import gettext as _


@dataclass(frozen=True)
class TaughtFact:
    """A figure of the courses that a programme teaches. `own` is what the programme wrote for a parameter."""

    fact: Fact
    own: ProgrammeFact | None
    courses: tuple[str, ...]

    @property
    def is_missing(self) -> bool:
        return self.fact.parameter and self.own is None

    @property
    def is_due(self) -> bool:
        """Whether its source should be read again by now."""
        return self.fact.review_on is not None and self.fact.review_on <= today()


def facts_taught(programme: Programme) -> list[TaughtFact]:
    """Every figure in the courses of the programme's open cohorts, as their versions show it, by label.

    Two versions may show the same figure differently: both are listed, each with its courses.
    """
    open_ones = [cohort for cohort in programme.cohorts if cohort.closed_at is None]
    own = own_facts(programme.id)
    courses: dict[Fact, dict[str, None]] = {}
    for cohort in open_ones:
        for fact in syllabus.facts(cohort.course_version_id):
            courses.setdefault(fact, {})[cohort.course_version.title] = None
    found = [TaughtFact(fact, own.get(fact.key), tuple(titles)) for fact, titles in courses.items()]
    return sorted(found, key=lambda row: (not row.is_missing, not row.is_due, row.fact.label))


def parameter_of(programme: Programme, key: str) -> TaughtFact | None:
    """One of the parameters in the programme's courses."""
    return next((row for row in facts_taught(programme) if row.fact.key == key and row.fact.parameter), None)


def own_text(html: str, programme_id: int) -> Markup:
    """A text of the course as the firms of this programme read it."""
    if not has_parameters(html):
        return Markup(html)
    return fill(html, {key: row.value for key, row in own_facts(programme_id).items()})


def facts_of(version_id: int, keys: Collection[str], programme_id: int) -> list[TaughtFact]:
    """The figures that one text names, with what the programme wrote. A query only for parameters."""
    named = [fact for fact in syllabus.facts(version_id) if fact.key in keys] if keys else []
    own = own_facts(programme_id) if any(fact.parameter for fact in named) else {}
    return [TaughtFact(fact, own.get(fact.key), ()) for fact in named]


def write_fact(programme: Programme, key: str, value: str, source: str, read_on: date, *, by: Person) -> None:
    """Keep the programme's own figure; its firms read it at once in every lesson that names it."""
    if parameter_of(programme, key) is None:
        raise Refused(_("The courses of this programme no longer ask for this figure."))
    if read_on > today():
        raise Refused(_("The date on which it was read cannot lie ahead."))
    row = own_facts(programme.id).get(key) or ProgrammeFact(programme_id=programme.id, key=key)
    row.value, row.source, row.read_on = value, source, read_on
    row.written_by_id, row.written_at = by.id, now()
    db.session.add(row)


def own_numbers(programme_id: int, tool: str) -> dict[str, Decimal]:
    """The inputs of a calculator that the programme's own figures fill in. A query only for those."""
    inputs = [row for row in CALCULATORS[tool].inputs if row.fact]
    own = own_facts(programme_id) if inputs else {}
    numbers = {row: number_in(own[row.fact].value) for row in inputs if row.fact in own}
    return {row.name: number for row, number in numbers.items() if number is not None and row.allows(number)}


def own_facts(programme_id: int) -> dict[str, ProgrammeFact]:
    """What the programme wrote, by key."""
    written = select(ProgrammeFact).where(ProgrammeFact.programme_id == programme_id)
    return {row.key: row for row in db.session.scalars(written)}

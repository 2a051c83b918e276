"""Searching a firm's course for what a person asks, and a week of it on one sheet of paper."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from lms.cohorts import schedule
from lms.cohorts.models import Enrolment
from lms.cohorts.services import own_text, paused_days_today
from lms.curriculum import searching
from lms.curriculum.models import Week
from lms.curriculum.stems import stems
from lms.curriculum.syllabus import Entry, syllabus
from lms.foundation.db import db

MOST_FOUND = 20
LONGEST_QUESTION = 100
WORDS_BEFORE, WORDS_SHOWN = 6, 32


@dataclass(frozen=True)
class Piece:
    """Some words of an excerpt; `found` are those that were asked for."""

    text: str
    found: bool


@dataclass(frozen=True)
class Answer:
    """An item of the course that holds what was asked for."""

    entry: Entry
    excerpt: list[Piece]


@dataclass(frozen=True)
class WeekSheet:
    """A week of the course with the firm's own dates."""

    week: Week
    opens_on: date
    due_on: date


def week_sheet(enrolment: Enrolment, number: int) -> WeekSheet | None:
    """A week of the firm's course, if the course has it."""
    cohort, paused = enrolment.cohort, paused_days_today(enrolment)
    wanted = select(Week).where(Week.version_id == cohort.course_version_id, Week.number == number)
    week = db.session.scalar(wanted.options(selectinload(Week.lessons), selectinload(Week.brief)))
    if week is None:
        return None
    dates = (find(cohort.starts_on, number, paused) for find in (schedule.opens_on, schedule.due_on))
    return WeekSheet(week, *dates)


def search(enrolment: Enrolment, question: str) -> list[Answer]:
    """The items of the firm's course that say most about the question, the best first."""
    asked = {stem for stem, _begin, _end in stems(question[:LONGEST_QUESTION])}
    if not asked:
        return []
    version_id = enrolment.cohort.course_version_id
    ranks = searching.found(version_id, asked)
    best = [entry for entry in syllabus(version_id).entries if (entry.kind, entry.id) in ranks]
    # Of equal answers the one that is taught first comes first, as they stand in the syllabus.
    best = sorted(best, key=lambda entry: ranks[entry.kind, entry.id], reverse=True)[:MOST_FOUND]
    texts = _texts(best, enrolment.cohort.programme_id)
    return [Answer(entry, excerpt(texts[entry.kind, entry.id], asked)) for entry in best]


def excerpt(text: str, asked: Collection[str]) -> list[Piece]:
    """The part of a text with most of the words that were asked for; else its beginning."""
    words = text.split()
    hits = [_hit(word, asked) for word in words]
    begins = [max(place - WORDS_BEFORE, 0) for place, hit in enumerate(hits) if hit] or [0]
    begin = max(begins, key=lambda place: len({hit for hit in hits[place : place + WORDS_SHOWN] if hit}))
    end = begin + WORDS_SHOWN
    pieces = [Piece(word, bool(hit)) for word, hit in zip(words[begin:end], hits[begin:end], strict=True)]
    before = [Piece("…", False)] if begin else []
    after = [Piece("…", False)] if end < len(words) else []
    return [*before, *pieces, *after]


def _hit(word: str, asked: Collection[str]) -> str:
    return next((stem for stem, _begin, _end in stems(word) if stem in asked), "")


def _texts(entries: Iterable[Entry], programme_id: int) -> dict[tuple[str, int], str]:
    """The words of each item as this firm reads them."""
    by_kind: dict[str, list[int]] = {}
    for entry in entries:
        by_kind.setdefault(entry.kind, []).append(entry.id)
    return {
        (kind, key): searching.plain(own_text(html, programme_id))
        for kind, keys in by_kind.items()
        for key, html in searching.texts(kind, keys).items()
    }

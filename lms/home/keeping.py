"""Which pages a member's phone keeps, so that a week's work is possible without a connection."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from flask import url_for

from lms.cohorts.models import Enrolment
from lms.curriculum.syllabus import syllabus
from lms.foundation.clock import today
from lms.foundation.i18n import gettext as _
from lms.learning import services as learning
from lms.learning.outline import Dates, Item, Kind, Work
from lms.sales import services as sales


class Part(StrEnum):
    """What a member may choose to keep or not."""

    ALWAYS = "always"
    THIS_WEEK = "this"
    NEXT_WEEK = "next"


@dataclass(frozen=True)
class KeptPage:
    """A page by its address. A phone asks for it again when the mark is another one."""

    url: str
    title: str
    part: Part
    mark: str


def pages_to_keep(enrolment: Enrolment, person: Any, work: Work, dates: Dates) -> list[KeptPage]:
    """The pages of every day, then the items of this week and the next as they are taught."""
    version = enrolment.cohort.course_version_id
    week = min(learning.present_week(enrolment), syllabus(version).weeks[-1].number)
    items = learning.items_around(enrolment, week, person, work, dates)
    return [
        *_of_every_day(enrolment),
        *(
            KeptPage(url, title, Part.THIS_WEEK if item.week == week else Part.NEXT_WEEK, mark)
            for item in items
            for url, title, mark in _of_item(item, version)
        ),
    ]


def _of_item(item: Item, version: int) -> list[tuple[str, str, str]]:
    """The pages on which an item is done, with title and mark; a quiz also as a whole page."""
    mark = f"{version}:{item.state}:{item.given_until or ''}{':exempt' if item.excused else ''}"
    pages = [(url_for(item.endpoint, **item.values), item.title, mark)]
    if item.kind is Kind.QUIZ:
        whole = _("%(title)s, all on one page", title=item.title)
        pages.append((url_for("learning.whole_quiz", **item.values), whole, mark))
    return pages


def _of_every_day(enrolment: Enrolment) -> list[KeptPage]:
    day = today(enrolment.cohort.time_zone).isoformat()
    pages = [
        (url_for("home.offline"), _("Without a connection")),
        (url_for("home.start"), _("Home")),
        (url_for("learning.course"), _("My course")),
        (url_for("home.progress"), _("My progress")),
        (url_for("mentoring.ask_help"), _("Ask for help")),
    ]
    if sales.has_open_month(enrolment):
        pages.append((url_for("sales.report"), _("My sales")))
    return [KeptPage(url, title, Part.ALWAYS, day) for url, title in pages]

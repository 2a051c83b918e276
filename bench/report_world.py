"""A programme of so many invented firms with their sales, written in bulk into an empty database."""

import random
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from itertools import islice
from typing import Any

AT_ONCE = 20_000


def write_world(firms: int, weeks_ago: int, channels: tuple[str, ...]) -> tuple[int, Any]:
    """A cohort that began so many weeks ago: each firm with its year before and the months since."""
    from sqlalchemy import insert

    from lms.accounts.models import Firm, Sector
    from lms.cohorts.models import Enrolment
    from lms.foundation.clock import now
    from lms.sales.models import Baseline, Figure

    moment = now()
    programme, cohort, lead = _frame(moment, weeks_ago)
    place = {"sector": Sector.FASHION, "state": "PUE", "city": "", "created_at": moment}
    _in_bulk(insert(Firm), ({"id": n, "name": f"Firm {n}", **place} for n in range(1, firms + 1)))
    dates = {"invited_at": moment, "started_at": moment, "cohort_id": cohort.id}
    _in_bulk(insert(Enrolment), ({"id": n, "firm_id": n, **dates} for n in range(1, firms + 1)))
    _in_bulk(insert(Baseline), _baselines(firms, cohort.starts_on, channels, lead.id, moment))
    _in_bulk(insert(Figure), _figures(firms, cohort.starts_on, channels, lead.id, moment))
    return programme.id, lead


def _frame(moment: Any, weeks_ago: int) -> tuple[Any, Any, Any]:
    """The programme with its lead, and the cohort."""
    from lms.accounts.models import Sector, User
    from lms.cohorts.models import Cohort, Programme
    from lms.curriculum.models import Course, CourseVersion
    from lms.foundation.clock import today
    from lms.foundation.db import db
    from lms.permissions import Role

    lead = User(name="Lead", email="lead@example.org", role=Role.LEAD, created_at=moment)
    programme = Programme(name="Bench", convener="Bench", created_at=moment)
    programme.leads = [lead]
    course = Course(slug="fashion", sector=Sector.FASHION, title="Bench")
    db.session.add_all([lead, programme, course])
    db.session.flush()
    version = CourseVersion(
        course_id=course.id, number=1, content_hash="bench", title="Bench", summary="", hours=64, weeks=16,
        final_quiz_slug="", published_at=moment,
    )  # fmt: skip
    db.session.add(version)
    db.session.flush()
    cohort = Cohort(
        programme_id=programme.id, course_version_id=version.id, name="Bench", rules={}, created_at=moment,
        starts_on=today() - timedelta(weeks=weeks_ago),
    )  # fmt: skip
    db.session.add(cohort)
    db.session.flush()
    return programme, cohort, lead


def _sold(firm: int, starts_on: Any, channels: tuple[str, ...]) -> Iterator[tuple[Any, list[Decimal]]]:
    """What a firm sold in each month and channel: the same whenever it is asked for."""
    from lms.foundation.clock import today
    from lms.sales import months

    chance = random.Random(firm)
    size = chance.lognormvariate(9, 1) / len(channels)
    since = months.months_between(months.first_of(starts_on), months.previous(months.first_of(today())))
    for month in [*months.months_before(starts_on, 12), *since]:
        yield month, [Decimal(f"{size * chance.lognormvariate(0, 0.3):.2f}") for _channel in channels]


def _baselines(firms, starts_on, channels, user_id, moment) -> Iterator[dict[str, Any]]:
    for firm in range(1, firms + 1):
        rows = [[month.isoformat(), str(sum(sold))] for month, sold in _sold(firm, starts_on, channels)]
        whose = {"enrolment_id": firm, "firm_id": firm, "user_id": user_id}
        yield {**whose, "months": rows[:12], "frozen_at": moment}


def _figures(firms, starts_on, channels, user_id, moment) -> Iterator[dict[str, Any]]:
    from lms.sales.models import Channel, Tier

    for firm in range(1, firms + 1):
        common = {"enrolment_id": firm, "firm_id": firm, "user_id": user_id, "tier": Tier.D_RECORD}
        for month, sold in _sold(firm, starts_on, channels):
            for channel, gross in zip(channels, sold, strict=True):
                said = {"channel": Channel(channel), "month": month, "gross": gross, "orders": 1 + firm % 9}
                yield {**common, **said, "declared_at": moment}


def _in_bulk(statement: Any, rows: Iterator[dict[str, Any]]) -> None:
    """In the tongue of the database's own bulk insert; an object for each row would take minutes."""
    from lms.foundation.db import db

    while chunk := list(islice(rows, AT_ONCE)):
        db.session.connection().execute(statement, chunk)

"""A programme of more firms than a report is made of while somebody waits; of one state it is being made."""

import json
from datetime import timedelta

from sqlalchemy import insert, select

from lms.accounts.models import Firm, Sector
from lms.cohorts.models import Enrolment
from lms.curriculum.models import CourseVersion
from lms.foundation import clock
from lms.foundation.db import db
from lms.permissions import Role
from lms.reports.drafts import LARGE
from lms.reports.models import ReportDraft
from tests import build

FIRMS = LARGE + 1
STATE = "PUE"


def programme_of_many() -> tuple[str, int]:
    """Who leads it, and its number."""
    lead = build.user("Marta de Muchas", Role.LEAD)
    programme = build.programme("Programa nacional", lead)
    version = db.session.scalars(select(CourseVersion)).first()
    starts_on = clock.today() - timedelta(weeks=52)
    cohort = build.cohort(programme, version, name="Todo el país", starts_on=starts_on)
    first = (db.session.scalar(select(Firm.id).order_by(Firm.id.desc()).limit(1)) or 0) + 1
    place = {"sector": Sector.FASHION, "state": STATE, "city": "", "created_at": clock.now()}
    firms = [{"id": first + at, "name": f"Taller {at}", **place} for at in range(FIRMS)]
    dates = {"cohort_id": cohort.id, "invited_at": clock.now(), "started_at": clock.now()}
    db.session.execute(insert(Firm), firms)
    db.session.execute(insert(Enrolment), [{"firm_id": firm["id"], **dates} for firm in firms])
    _begin(programme.id, lead.id)
    return lead.email, programme.id


def _begin(programme_id: int, lead_id: int) -> None:
    asked = {"asked_by_id": lead_id, "asked_at": clock.now(), "told_at": clock.now()}
    written = json.dumps({"state": STATE})
    made = {"programme_id": programme_id, "selection": written, "firms": FIRMS, "firms_read": 500}
    db.session.add(ReportDraft(**made, **asked))

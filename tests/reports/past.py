"""Firms that took part in a cohort that ended long ago, with what they sold before and after."""

from datetime import date
from decimal import Decimal

from lms.accounts.models import Sector
from lms.cohorts.models import Consent, Programme, Purpose
from lms.foundation.clock import now
from lms.foundation.db import db
from lms.graduation.models import Decision
from lms.permissions import Role
from lms.reports import snapshots
from lms.reports.selection import select_from
from lms.sales import months
from lms.sales.models import Baseline, Channel, Figure, Tier
from tests import build

# Ended on 4 January 2026: at the tests' October eight months have passed; firms wrote down seven of them.
PAST = date(2025, 9, 15)
BEFORE = months.months_before(PAST, 12)
AFTER = months.months_between(date(2026, 2, 1), date(2026, 8, 1))
STATES = ("PUE", "GUA", "JAL")
SECTORS = (Sector.FASHION, Sector.FOOTWEAR, Sector.FURNITURE)


def of(enrolment, by):
    """What every record of a firm's work says."""
    return {"enrolment_id": enrolment.id, "firm_id": enrolment.firm_id, "user_id": by.id}


def figures(enrolment, owner, amounts, checked_by=None):
    """What a firm sold at its counter, month by month, from memory."""
    check = {"verified_by_id": checked_by.id, "verified_at": now()} if checked_by else {}
    common = {**of(enrolment, owner), **check, "channel": Channel.COUNTER, "tier": Tier.E_RECALL}
    for month, amount in amounts.items():
        build.add(Figure(**common, month=month, gross=Decimal(amount), declared_at=now()))


def frozen(enrolment, owner, amounts):
    rows = [[month.isoformat(), str(amount)] for month, amount in amounts.items()]
    build.add(Baseline(**of(enrolment, owner), months=rows, frozen_at=now()))


def taught(cohort, name, before=1000, after=1200, *, mentor=None, agrees=True, checked_by=None, **place):
    """A firm that took part: what it sold a month before the course and after it (None: not written down)."""
    owner = build.user(f"Dueña {name}", Role.MEMBER, email=f"{name.lower().replace(' ', '-')}@example.org")
    firm = build.firm(name, owner, sector=place.get("sector", Sector.FASHION))
    firm.state, firm.city = place.get("state", "PUE"), place.get("city", "")
    enrolment = build.enrol(firm, cohort, mentor)
    if before is not None:
        amounts = dict.fromkeys(BEFORE, before)
        frozen(enrolment, owner, amounts)
        figures(enrolment, owner, amounts, checked_by)
    if after is not None:
        figures(enrolment, owner, dict.fromkeys(AFTER, after), checked_by)
    if agrees:
        about = {"user_id": owner.id, "firm_id": firm.id, "notice_id": cohort.programme.notices[0].id}
        build.add(Consent(**about, purpose=Purpose.IMPACT_STUDY, granted=True, answered_at=now()))
    return enrolment


def decided(enrolment, verdict, by, exception=""):
    about = {"enrolment_id": enrolment.id, "firm_id": enrolment.firm_id, "rules": {}, "results": []}
    version_id = enrolment.cohort.course_version_id
    by_whom = {"course_version_id": version_id, "decided_by_id": by.id, "decided_at": now()}
    build.add(Decision(**about, **by_whom, verdict=verdict, exception=exception))


def publish(programme, by, **words):
    """Publish the report of the programme, or of the part that the words name."""
    db.session.commit()
    made = snapshots.publish(select_from(db.session.get(Programme, programme.id), **words), by=by)
    db.session.commit()
    return made

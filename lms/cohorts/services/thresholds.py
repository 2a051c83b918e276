"""From when on a firm of a cohort needs someone, as its lead decides."""

from typing import Any

from lms import events
from lms.cohorts.models import Cohort
from lms.cohorts.thresholds import Thresholds
from lms.foundation.db import db


def thresholds_of(cohort: Cohort) -> Thresholds:
    """What the lead wrote, else the usual."""
    return Thresholds.from_json(cohort.thresholds)


def write_thresholds(cohort: Cohort, wanted: Thresholds, *, by: Any) -> None:
    """They hold from now on, also for what was so before: nothing is promised to a firm by them."""
    if wanted == thresholds_of(cohort):
        return
    cohort.thresholds = wanted.to_json()
    db.session.flush()
    what = f"attention thresholds of cohort {cohort.id}"
    events.publish(events.ProgrammeChanged(actor_id=by.id, programme_id=cohort.programme_id, what=what))

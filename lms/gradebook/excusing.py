"""Excusing a firm from what it has not done: the hub knows who is excused, this room knows what is done."""

from typing import Any

from lms.cohorts import services as cohorts
from lms.cohorts.models import Enrolment, Exemption
from lms.curriculum.syllabus import Entry
from lms.foundation.errors import Refused
from lms.foundation.i18n import gettext as _
from lms.standing.services import standing_of


def excuse(enrolment: Enrolment, item: Entry, reason: str, *, by: Any) -> Exemption:
    standing = standing_of(enrolment)
    if item.slug in standing.done or standing.work.get(item.slug) == "accepted":
        raise Refused(_("The firm has done it already: it counts, and there is nothing to excuse."))
    return cohorts.excuse(enrolment, item, reason, by=by)

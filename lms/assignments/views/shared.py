"""What several pages of this room need."""

from flask import g

from lms.cohorts.models import Enrolment


def in_time_zone_of(enrolment: Enrolment) -> None:
    g.time_zone = enrolment.cohort.time_zone

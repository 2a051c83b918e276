"""What a promise can serve: the practices that a course asks about and the milestones it leads to."""

from lms.cohorts.models import Enrolment
from lms.curriculum.syllabus import syllabus
from lms.mentoring.questions import practices_of


def ties_in(enrolment: Enrolment) -> dict[str, str]:
    """The words of each, by `practice:key` and `milestone:code`; milestones first, as there are few."""
    milestones = syllabus(enrolment.cohort.course_version_id).milestones
    return {f"milestone:{one.code}": f"{one.code} · {one.title}" for one in milestones} | {
        f"practice:{one.key}": one.text for one in practices_of(enrolment)
    }

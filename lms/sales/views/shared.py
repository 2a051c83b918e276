"""What the pages of this room begin with."""

from datetime import date
from functools import wraps

from flask import (
    abort,
    g,
    render_template,
)

from lms.cohorts.services import current_enrolment
from lms.sales import months
from lms.web.guard import me


def for_enrolment(view):
    """Give the page the enrolment in which the person's firm works, or say that there is none yet."""

    @wraps(view)
    def with_enrolment(**arguments):
        enrolment = current_enrolment(me().firm_id)
        if enrolment is None:
            return render_template("sales/no_course.html")
        g.time_zone = enrolment.firm.time_zone
        return view(enrolment=enrolment, **arguments)

    return with_enrolment


def read_month(text: str) -> date:
    """A month of an address, 2026-10; what is none is not found."""
    try:
        return months.parse_month(text)
    except ValueError:
        abort(404)

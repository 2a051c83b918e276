"""What the pages of this room begin with."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import wraps
from typing import Any

from flask import (
    abort,
    g,
    render_template,
)

from lms.cohorts.services import current_enrolment
from lms.sales import months
from lms.web.guard import me

_AMOUNTS = ("pesos", "pesos_ex_vat", "cancelled", "refunded", "fees", "before", "after")


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


def shown(plan: Mapping[str, Any]) -> dict[str, Any]:
    """A plan or the record of an import as a page shows it: months as dates, amounts as numbers."""
    lines = [
        {key: _number(key, value) for key, value in line.items()}
        | {"month": months.parse_month(line["month"])}
        for line in plan["months"]
    ]
    return dict(plan) | {"months": lines}


def _number(key: str, value: Any) -> Any:
    return Decimal(value) if key in _AMOUNTS and value is not None else value


def read_month(text: str) -> date:
    """A month of an address, 2026-10; what is none is not found."""
    try:
        return months.parse_month(text)
    except ValueError:
        abort(404)

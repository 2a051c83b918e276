"""From when on a firm of a cohort needs someone: numbers that its lead may change at any time."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from lms.foundation.errors import Refused
from lms.foundation.i18n import gettext as _

# The least and the most that make sense of each. Below two, work sent back or a quiz tried again is learning.
BOUNDS = {
    "quiet_days": (3, 60),
    "overdue": (1, 10),
    "times_returned": (2, 10),
    "times_failed": (2, 20),
    "absences": (1, 10),
}


@dataclass(frozen=True, kw_only=True)
class Thresholds:
    """Days without a sign, tasks overdue, times a task came back or a quiz was failed, absences in a row."""

    quiet_days: int = 7
    overdue: int = 2
    times_returned: int = 2
    times_failed: int = 4
    absences: int = 2

    def __post_init__(self) -> None:
        for name, (least, most) in BOUNDS.items():
            value = getattr(self, name)
            if type(value) is not int or not least <= value <= most:
                raise Refused(_("Write a number from %(least)s to %(most)s.", least=least, most=most))

    @classmethod
    def from_json(cls, kept: Mapping[str, Any] | None) -> "Thresholds":
        """What is kept with a cohort: what is not said is the usual, unknown names are left out."""
        names = {field.name for field in fields(cls)}
        return cls(**{name: value for name, value in (kept or {}).items() if name in names})

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


USUAL = Thresholds()

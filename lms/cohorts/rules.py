"""What a firm must reach to graduate: shown from day one, per cohort, fixed when the cohort starts."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from lms.foundation.errors import Refused
from lms.foundation.i18n import gettext as _

MILESTONES = tuple(f"M{number}" for number in range(9))


@dataclass(frozen=True, kw_only=True)
class GraduationRules:
    """The rules of one cohort. Shares are whole percents; sales growth is no rule and can never be one."""

    milestones: tuple[str, ...] = ("M0", "M1", "M2")
    accepted_percent: int = 80
    attendance_percent: int = 75
    own_figures: int = 1
    final_quiz: bool = True

    def __post_init__(self) -> None:
        unknown = [code for code in self.milestones if code not in MILESTONES]
        if unknown:
            raise Refused(_("There is no milestone %(codes)s.", codes=", ".join(unknown)))
        if len(set(self.milestones)) != len(self.milestones):
            raise Refused(_("Each milestone counts once."))
        for percent in (self.accepted_percent, self.attendance_percent):
            if not _is_whole(percent) or not 0 <= percent <= 100:
                raise Refused(_("A percentage goes from 0 to 100."))
        if not _is_whole(self.own_figures) or not 0 <= self.own_figures <= 12:
            raise Refused(_("The months of sales to report go from 0 to 12."))
        if not isinstance(self.final_quiz, bool):
            raise Refused(_("The final quiz is asked for or it is not."))

    @classmethod
    def from_json(cls, kept: Mapping[str, Any] | None) -> "GraduationRules":
        """The rules kept with a cohort: what is not said is the default, others are left out."""
        names = {field.name for field in fields(cls)}
        known = {name: value for name, value in (kept or {}).items() if name in names}
        if "milestones" in known:
            known["milestones"] = tuple(str(code) for code in known["milestones"])
        return cls(**known)

    def to_json(self) -> dict[str, Any]:
        return asdict(self) | {"milestones": list(self.milestones)}


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)

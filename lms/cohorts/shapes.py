"""What people write of a programme, a cohort or a firm, on its way from a form or a sheet to the services."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from lms.accounts.models import MembershipKind, Sector
from lms.cohorts.rules import GraduationRules


@dataclass(frozen=True, kw_only=True)
class ProgrammeData:
    """What a programme says of itself: `notice` is the privacy notice in full, `lead_ids` who leads it."""

    name: str
    convener: str
    contact: str = ""
    commitments: str = ""
    notice: str
    lead_ids: Collection[int] = ()
    report_public: bool = False
    invented: bool = False


@dataclass(frozen=True, kw_only=True)
class CohortData:
    """What is decided when a cohort is opened; `late_days` as the cohort keeps them."""

    name: str
    starts_on: date
    time_zone: str
    trainer_ids: Collection[int] = ()
    rules: GraduationRules = GraduationRules()
    late_days: int | None = None


@dataclass(frozen=True, kw_only=True)
class FirmData:
    """A firm and its first person as written; `sector`, `state` and `kind` are None where not understood."""

    name: str
    rfc: str = ""
    sector: Sector | None
    state: str | None
    city: str = ""
    person: str
    email: str
    kind: MembershipKind | None = MembershipKind.OWNER

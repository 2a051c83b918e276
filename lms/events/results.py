"""Sales, graduation and reports: what can happen to them."""

from dataclasses import dataclass

from lms.events.listening import Event

# Sales


@dataclass(frozen=True, kw_only=True)
class SalesReported(Event):
    enrolment_id: int
    firm_id: int
    month: str


@dataclass(frozen=True, kw_only=True)
class SalesImported(Event):
    enrolment_id: int
    firm_id: int
    import_id: int


@dataclass(frozen=True, kw_only=True)
class SalesImportUndone(Event):
    enrolment_id: int
    firm_id: int
    import_id: int


@dataclass(frozen=True, kw_only=True)
class SalesConnected(Event):
    """A firm gave leave to read its sales at a marketplace."""

    firm_id: int
    connection_id: int
    channel: str


@dataclass(frozen=True, kw_only=True)
class SalesDisconnected(Event):
    """That leave ended; what it was read with is gone."""

    firm_id: int
    connection_id: int
    channel: str
    why: str


@dataclass(frozen=True, kw_only=True)
class FigureVerified(Event):
    figure_id: int
    firm_id: int


@dataclass(frozen=True, kw_only=True)
class FigureUnlocked(Event):
    figure_id: int
    firm_id: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class BaselineFrozen(Event):
    enrolment_id: int
    firm_id: int


@dataclass(frozen=True, kw_only=True)
class MilestoneClaimed(Event):
    enrolment_id: int
    firm_id: int
    code: str


@dataclass(frozen=True, kw_only=True)
class MilestoneVerified(Event):
    enrolment_id: int
    firm_id: int
    code: str


# Graduation


@dataclass(frozen=True, kw_only=True)
class DecisionMade(Event):
    enrolment_id: int
    firm_id: int
    decision_id: int
    verdict: str
    by_exception: bool


@dataclass(frozen=True, kw_only=True)
class CertificateIssued(Event):
    enrolment_id: int
    firm_id: int
    certificate_id: int


@dataclass(frozen=True, kw_only=True)
class CertificateRevoked(Event):
    certificate_id: int
    firm_id: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class FollowUpAsked(Event):
    follow_up_id: int
    user_id: int
    link_secret: str


@dataclass(frozen=True, kw_only=True)
class FollowUpLinkMade(Event):
    follow_up_id: int
    firm_id: int
    user_id: int


@dataclass(frozen=True, kw_only=True)
class FollowUpAnswered(Event):
    enrolment_id: int
    firm_id: int
    follow_up_id: int


# Results


@dataclass(frozen=True, kw_only=True)
class ReportPublished(Event):
    programme_id: int
    report_snapshot_id: int


@dataclass(frozen=True, kw_only=True)
class PriceIndexWritten(Event):
    price_index_id: int


@dataclass(frozen=True, kw_only=True)
class InventionLoaded(Event):
    """The invented programmes are all written: whoever shows something of them may get it ready."""

"""The decision who graduates: what each firm is missing, who decides what and why, what follows from it."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import lazyload

from lms import events
from lms.cohorts import schedule
from lms.cohorts.models import AT_WORK, Cohort, Enrolment, EnrolmentState
from lms.cohorts.rules import GraduationRules
from lms.curriculum.syllabus import syllabus
from lms.foundation import clock
from lms.foundation.db import db
from lms.foundation.errors import Refused
from lms.foundation.i18n import gettext as _
from lms.graduation import certificates
from lms.graduation.criteria import Criterion, all_met, evaluate
from lms.graduation.models import Certificate, Decision, Verdict
from lms.graduation.signing import Keys
from lms.standing.services import Standing, standing_of, standings_of

SHORTEST_REASON = 10
DECIDED = (EnrolmentState.GRADUATED, EnrolmentState.NOT_GRADUATED)
# Who may be decided: firms at work, and firms whose decision is to be changed.
DECIDABLE = (*AT_WORK, *DECIDED)


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A firm before the rules: how it stands, each rule met or missing, the decision in force if any."""

    standing: Standing
    criteria: list[Criterion]
    decision: Decision | None
    certificate: Certificate | None

    @property
    def meets_all(self) -> bool:
        return all_met(self.criteria)

    @property
    def is_ready(self) -> bool:
        """Whether it meets every rule and waits for its decision."""
        return self.decision is None and self.standing.state in AT_WORK and self.meets_all

    @property
    def reopens(self) -> bool:
        """Whether evidence came late: it missed a rule when it was decided not to graduate, and now none."""
        kept = self.decision
        if kept is None or kept.verdict is Verdict.GRADUATED or not self.meets_all:
            return False
        return not all(one["met"] for one in kept.results)

    @property
    def missing(self) -> list[Criterion]:
        return [criterion for criterion in self.criteria if not criterion.met]


# Verbs


def decide(enrolment: Enrolment, verdict: Verdict, reason: str = "", *, by: Any, keys: Keys) -> Decision:
    """Graduate a firm, or not. Against the rules, in either direction, only with a reason, which is kept.

    An earlier decision stays on record as replaced, and its certificate is revoked.
    """
    _wait_for_others([enrolment.id])
    if enrolment.state not in DECIDABLE:
        raise Refused(_("This firm is not in the course now, so there is nothing to decide."))
    return _keep(enrolment, preview(enrolment), verdict, reason.strip(), by, keys)


def approve_ready(cohort: Cohort, enrolment_ids: Collection[int], *, by: Any, keys: Keys) -> list[Decision]:
    """Graduate those of these firms that still meet every rule and wait for their decision."""
    _wait_for_others(enrolment_ids)
    ready = {one.standing.enrolment_id: one for one in candidates(cohort) if one.is_ready}
    chosen = (
        select(Enrolment).where(Enrolment.id.in_(ready.keys() & set(enrolment_ids))).order_by(Enrolment.id)
    )
    return [
        _keep(enrolment, ready[enrolment.id], Verdict.GRADUATED, "", by, keys)
        for enrolment in db.session.scalars(chosen).all()
    ]


# Questions


def rules_of(cohort: Cohort) -> GraduationRules:
    return GraduationRules.from_json(cohort.rules)


def preview(enrolment: Enrolment) -> Candidate:
    """Where one firm is with each rule today."""
    standing, decision = standing_of(enrolment), decision_in_force(enrolment.id)
    return _candidate(
        standing, rules_of(enrolment.cohort), decision, decision.certificate if decision else None
    )


def candidates(cohort: Cohort) -> list[Candidate]:
    """Every firm of the cohort that began, by name; as many queries for three firms as for thirty."""
    rules = rules_of(cohort)
    rows = db.session.execute(
        select(Decision, Certificate)
        .join(Enrolment, Enrolment.id == Decision.enrolment_id)
        .outerjoin(Certificate, Certificate.decision_id == Decision.id)
        .where(Enrolment.cohort_id == cohort.id, Decision.replaced_at.is_(None))
        # A certificate brings its enrolment by an inner join: that loses the decisions without certificate.
        .options(lazyload(Certificate.enrolment), lazyload(Decision.enrolment))
    )
    decided = {decision.enrolment_id: (decision, certificate) for decision, certificate in rows}
    return [
        _candidate(standing, rules, *decided.get(standing.enrolment_id, (None, None)))
        for standing in standings_of(cohort)
        if standing.state in DECIDABLE
    ]


def decision_in_force(enrolment_id: int) -> Decision | None:
    in_force = Decision.replaced_at.is_(None)
    return db.session.scalar(select(Decision).where(Decision.enrolment_id == enrolment_id, in_force))


def decisions_of(enrolment: Enrolment) -> list[Decision]:
    """All decisions on a firm, the newest first."""
    every = select(Decision).where(Decision.enrolment_id == enrolment.id)
    return list(db.session.scalars(every.order_by(Decision.id.desc())))


def milestone_titles(course_version_id: int) -> dict[str, str]:
    """The milestones of a course by their code."""
    return syllabus(course_version_id).titles


def _candidate(
    standing: Standing, rules: GraduationRules, decision: Decision | None, certificate: Certificate | None
) -> Candidate:
    return Candidate(
        standing=standing, criteria=evaluate(rules, standing), decision=decision, certificate=certificate
    )


def _wait_for_others(enrolment_ids: Collection[int]) -> None:
    """Two leads may decide at the same moment: the second waits here and then sees what the first decided."""
    firms = select(Enrolment).where(Enrolment.id.in_(enrolment_ids)).order_by(Enrolment.id)
    db.session.scalars(firms.with_for_update(of=Enrolment).execution_options(populate_existing=True)).all()


def _keep(
    enrolment: Enrolment, candidate: Candidate, verdict: Verdict, reason: str, by: Any, keys: Keys
) -> Decision:
    """Write the decision down with the rules and results of the day, and do what follows from it."""
    is_exception = (verdict is Verdict.GRADUATED) != candidate.meets_all
    _check(candidate, verdict, reason, is_exception)
    _replace(candidate, by)
    decision = Decision(
        enrolment_id=enrolment.id,
        firm_id=enrolment.firm_id,
        verdict=verdict,
        rules=rules_of(enrolment.cohort).to_json(),
        results=[criterion.to_json() for criterion in candidate.criteria],
        exception=reason if is_exception else "",
        course_version_id=enrolment.cohort.course_version_id,
        decided_by_id=by.id,
        decided_at=clock.now(),
    )
    db.session.add(decision)
    _finish(enrolment, verdict, reason)
    db.session.flush()
    events.publish(
        events.DecisionMade(
            actor_id=by.id,
            enrolment_id=enrolment.id,
            firm_id=enrolment.firm_id,
            decision_id=decision.id,
            verdict=verdict.value,
            by_exception=is_exception,
        )
    )
    if verdict is Verdict.GRADUATED:
        certificates.issue(decision, by=by, keys=keys)
    return decision


def _check(candidate: Candidate, verdict: Verdict, reason: str, is_exception: bool) -> None:
    known = candidate.decision
    holds = candidate.certificate is None or candidate.certificate.revoked_at is None
    if known is not None and known.verdict is verdict and holds:
        raise Refused(_("It was decided so already."))
    if is_exception and len(reason) < SHORTEST_REASON:
        if verdict is Verdict.GRADUATED:
            raise Refused(_("This firm does not meet every rule. Write why it graduates."))
        raise Refused(_("This firm meets every rule. Write why it does not graduate."))


def _replace(candidate: Candidate, by: Any) -> None:
    if candidate.decision is None:
        return
    candidate.decision.replaced_at = clock.now()
    if candidate.certificate is not None and candidate.certificate.revoked_at is None:
        certificates.revoke(candidate.certificate, _("The decision was replaced by another."), by=by)
    # One decision is in force at a time, and the database says so: the old one goes before the new one comes.
    db.session.flush()


def _finish(enrolment: Enrolment, verdict: Verdict, reason: str) -> None:
    """The enrolment says the same as its decision, and a pause that was running ends with it."""
    today = clock.today(enrolment.cohort.time_zone)
    enrolment.paused_days = schedule.total_paused_days(enrolment.paused_days, enrolment.paused_on, today)
    enrolment.paused_on = None
    graduated = verdict is Verdict.GRADUATED
    enrolment.state = EnrolmentState.GRADUATED if graduated else EnrolmentState.NOT_GRADUATED
    enrolment.reason = "" if graduated else reason
    enrolment.ended_at = clock.now()

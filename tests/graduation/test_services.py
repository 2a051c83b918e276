"""Deciding: by the rules, by exception with a reason, again, and for all who are ready at once."""

import pytest

from lms import events
from lms.cohorts.models import EnrolmentState
from lms.events import listening
from lms.foundation.db import db
from lms.foundation.errors import Refused
from lms.graduation import certificates, services
from lms.graduation.models import Certificate, Decision, Verdict
from lms.graduation.signing import Keys
from tests import build
from tests.standing import deeds

REASON = "Enfermó en noviembre y repuso todo."


@pytest.fixture
def keys(tmp_path):
    return Keys(tmp_path)


@pytest.fixture
def heard():
    """Every event that is published from here on."""
    found = []
    before = tuple(listening._tables)
    events.listen({events.Event: [found.append]})
    yield found
    events.listen(*before)


def test_a_firm_that_meets_every_rule_graduates_and_gets_its_certificate(cast, keys, heard):
    deeds.meet_every_rule(cast)
    decision = services.decide(cast.enrolment, Verdict.GRADUATED, by=cast.lead, keys=keys)
    assert cast.enrolment.state is EnrolmentState.GRADUATED and cast.enrolment.ended_at is not None
    assert decision.exception == "" and decision.course_version_id == cast.version.id
    assert decision.rules["milestones"] == ["M0", "M1", "M2"]
    assert all(result["met"] for result in decision.results)
    certificate = decision.certificate
    assert certificate.firm_name == "Telas Lupita" and certificate.people == ["Lupita Ríos", "Beto Ríos"]
    assert (certificate.hours, certificate.programme_name) == (64, "Polo Puebla")
    assert [type(event).__name__ for event in heard] == ["DecisionMade", "CertificateIssued"]
    assert heard[0].verdict == "graduated" and not heard[0].by_exception


def test_a_firm_that_misses_a_rule_graduates_only_with_a_reason_that_is_kept(cast, keys, heard):
    with pytest.raises(Refused):
        services.decide(cast.enrolment, Verdict.GRADUATED, "  corto   ", by=cast.lead, keys=keys)
    assert db.session.query(Decision).count() == 0
    decision = services.decide(cast.enrolment, Verdict.GRADUATED, REASON, by=cast.lead, keys=keys)
    assert decision.exception == REASON and heard[0].by_exception
    assert not all(result["met"] for result in decision.results)


def test_a_firm_that_does_not_graduate_gets_no_certificate(cast, keys):
    decision = services.decide(cast.enrolment, Verdict.NOT_GRADUATED, by=cast.lead, keys=keys)
    assert cast.enrolment.state is EnrolmentState.NOT_GRADUATED
    assert decision.certificate is None and decision.exception == ""
    with pytest.raises(Refused):
        certificates.issue(decision, by=cast.lead, keys=keys)


def test_holding_back_a_firm_that_meets_every_rule_needs_a_reason_too(cast, keys):
    deeds.meet_every_rule(cast)
    with pytest.raises(Refused):
        services.decide(cast.enrolment, Verdict.NOT_GRADUATED, by=cast.lead, keys=keys)
    services.decide(cast.enrolment, Verdict.NOT_GRADUATED, REASON, by=cast.lead, keys=keys)


def test_a_new_decision_replaces_the_old_one_and_its_certificate(cast, keys):
    deeds.meet_every_rule(cast)
    first = services.decide(cast.enrolment, Verdict.GRADUATED, by=cast.lead, keys=keys)
    second = services.decide(cast.enrolment, Verdict.NOT_GRADUATED, REASON, by=cast.lead, keys=keys)
    assert first.replaced_at is not None and second.replaced_at is None
    assert first.certificate.revoked_at is not None
    assert services.decisions_of(cast.enrolment) == [second, first]
    third = services.decide(cast.enrolment, Verdict.GRADUATED, by=cast.lead, keys=keys)
    assert third.certificate.folio != first.certificate.folio
    assert cast.enrolment.state is EnrolmentState.GRADUATED


def test_the_same_decision_is_not_made_twice_unless_its_certificate_was_revoked(cast, keys):
    deeds.meet_every_rule(cast)
    first = services.decide(cast.enrolment, Verdict.GRADUATED, by=cast.lead, keys=keys)
    with pytest.raises(Refused):
        services.decide(cast.enrolment, Verdict.GRADUATED, by=cast.lead, keys=keys)
    certificates.revoke(first.certificate, "El nombre estaba mal", by=cast.lead)
    cast.firm.name = "Telas Lupita y Beto"
    again = services.decide(cast.enrolment, Verdict.GRADUATED, by=cast.lead, keys=keys)
    assert again.certificate.firm_name == "Telas Lupita y Beto"


@pytest.mark.parametrize("state", [EnrolmentState.INVITED, EnrolmentState.WITHDRAWN])
def test_only_firms_in_the_course_are_decided(cast, keys, state):
    cast.enrolment.state = state
    with pytest.raises(Refused):
        services.decide(cast.enrolment, Verdict.NOT_GRADUATED, by=cast.lead, keys=keys)


def test_a_pause_ends_with_the_decision(cast, keys):
    cast.enrolment.state, cast.enrolment.paused_on = EnrolmentState.PAUSED, build.date(2026, 10, 7)
    services.decide(cast.enrolment, Verdict.NOT_GRADUATED, by=cast.lead, keys=keys)
    assert (cast.enrolment.paused_on, cast.enrolment.paused_days) == (None, 7)


def test_all_who_are_ready_graduate_at_once_and_nobody_else(cast, keys):
    deeds.meet_every_rule(cast)
    asked = {cast.enrolment.id, cast.rival_enrolment.id}
    made = services.approve_ready(cast.cohort, asked, by=cast.lead, keys=keys)
    assert [decision.enrolment_id for decision in made] == [cast.enrolment.id]
    assert cast.rival_enrolment.state is EnrolmentState.ACTIVE
    assert services.approve_ready(cast.cohort, asked, by=cast.lead, keys=keys) == []


def test_a_firm_that_became_ready_unseen_waits_for_the_next_approval(cast, keys):
    deeds.meet_every_rule(cast)
    assert services.approve_ready(cast.cohort, {cast.rival_enrolment.id}, by=cast.lead, keys=keys) == []


def test_the_old_decision_keeps_the_results_of_its_day(cast, keys):
    decision = services.decide(cast.enrolment, Verdict.NOT_GRADUATED, by=cast.lead, keys=keys)
    deeds.meet_every_rule(cast)
    db.session.expire_all()
    assert not all(result["met"] for result in decision.results)
    assert services.preview(cast.enrolment).meets_all


@pytest.mark.parametrize("firms", [3, 30])
def test_candidates_of_any_cohort_ask_the_database_ten_times_at_most(cast, keys, count_queries, firms):
    cohort = build.cohort(cast.programme, cast.version, "Grande")
    cohort.rules = {}
    for number in range(firms):
        firm = build.firm(f"Taller {number:02d}", build.user(f"Persona {number}"))
        services.decide(build.enrol(firm, cohort), Verdict.GRADUATED, REASON, by=cast.lead, keys=keys)
    db.session.flush()
    db.session.expire_all()
    assert cohort.id
    with count_queries() as queries:
        found = services.candidates(cohort)
        assert all(one.certificate and one.decision and one.standing for one in found)
    assert len(found) == firms
    assert len(queries) <= 10


def test_invited_and_withdrawn_firms_are_no_candidates(cast):
    cast.rival_enrolment.state = EnrolmentState.WITHDRAWN
    db.session.flush()
    assert [one.standing.firm_name for one in services.candidates(cast.cohort)] == ["Telas Lupita"]


def test_revoking_is_said_once_and_with_a_reason(cast, keys, heard):
    deeds.meet_every_rule(cast)
    certificate = services.decide(cast.enrolment, Verdict.GRADUATED, by=cast.lead, keys=keys).certificate
    with pytest.raises(Refused):
        certificates.revoke(certificate, " ", by=cast.lead)
    certificates.revoke(certificate, "Se dio por error", by=cast.lead)
    assert certificate.revoked_by_id == cast.lead.id and heard[-1].reason == "Se dio por error"
    with pytest.raises(Refused):
        certificates.revoke(certificate, "Otra vez", by=cast.lead)
    assert db.session.query(Certificate).count() == 1


def test_to_have_taken_part_is_an_outcome_of_its_own(cast, keys, heard):
    decision = services.decide(cast.enrolment, Verdict.PARTICIPATED, by=cast.lead, keys=keys)
    assert decision.verdict is Verdict.PARTICIPATED and decision.certificate is None
    assert cast.enrolment.state is EnrolmentState.NOT_GRADUATED and decision.exception == ""
    assert heard[-1].verdict == "participated"
    with pytest.raises(Refused):
        services.decide(cast.enrolment, Verdict.PARTICIPATED, by=cast.lead, keys=keys)
    services.decide(cast.enrolment, Verdict.NOT_GRADUATED, by=cast.lead, keys=keys)
    assert [one.verdict for one in services.decisions_of(cast.enrolment)][1] is Verdict.PARTICIPATED


def test_late_evidence_reopens_only_what_was_decided_without_it(cast, keys):
    services.decide(cast.enrolment, Verdict.PARTICIPATED, by=cast.lead, keys=keys)
    assert not services.preview(cast.enrolment).reopens
    deeds.meet_every_rule(cast)
    assert services.preview(cast.enrolment).reopens
    services.decide(cast.enrolment, Verdict.NOT_GRADUATED, REASON, by=cast.lead, keys=keys)
    assert not services.preview(cast.enrolment).reopens

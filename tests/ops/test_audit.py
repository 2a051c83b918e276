"""The audit trail: everything that is published, nothing that is secret."""

from dataclasses import fields

import pytest

from lms import events
from lms.foundation.db import db
from lms.ops import audit
from lms.ops.models import AuditEntry


def test_an_event_is_kept_with_who_did_what_to_what(cast):
    events.publish(events.MentorAssigned(actor_id=cast.lead.id, enrolment_id=cast.enrolment.id, mentor_id=7))
    entry = audit.entries().rows[0]
    assert (entry.event, entry.actor_id, entry.actor_name) == ("MentorAssigned", cast.lead.id, "Lena Díaz")
    assert entry.details == {"enrolment_id": cast.enrolment.id, "mentor_id": 7}


def test_secrets_never_reach_the_trail(cast):
    events.publish(events.SignInCodeMade(actor_id=None, user_id=cast.owner.id, code_secret="493817"))
    entry = db.session.query(AuditEntry).one()
    assert entry.details == {"user_id": cast.owner.id}
    assert audit.entries().rows[0].actor_name is None


@pytest.mark.parametrize("kind", events.Event.__subclasses__(), ids=lambda kind: kind.__name__)
def test_every_event_of_the_house_can_be_kept(cast, kind):
    samples = {"int": 1, "str": "x", "bool": True, "int | None": None, "list": [1, 2]}
    given = {
        field.name: samples[
            field.type if isinstance(field.type, str) else getattr(field.type, "__name__", "int | None")
        ]
        for field in fields(kind)
        if field.name != "actor_id"
    }
    audit.record(kind(actor_id=cast.admin.id, **given))
    db.session.flush()
    kept = db.session.query(AuditEntry).one()
    assert kept.event == kind.__name__
    assert not any(name.endswith("_secret") for name in kept.details)


def test_what_is_rolled_back_leaves_no_trace(cast):
    events.publish(events.SignedIn(actor_id=cast.owner.id, user_id=cast.owner.id))
    db.session.rollback()
    assert audit.entries().total == 0


def test_the_trail_is_read_by_person_by_event_and_by_page(cast):
    for _ in range(audit.PER_PAGE + 1):
        audit.record(events.SignedIn(actor_id=cast.owner.id, user_id=cast.owner.id))
    audit.record(events.PersonSuspended(actor_id=cast.admin.id, user_id=cast.son.id))
    db.session.flush()
    assert audit.entries(event="PersonSuspended").total == 1
    assert audit.entries(person=cast.owner.id).total == audit.PER_PAGE + 1
    assert audit.entries().rows[0].event == "PersonSuspended"
    assert (len(audit.entries(page=2).rows), audit.entries(page=99).page) == (2, 2)
    assert audit.event_names() == ["PersonSuspended", "SignedIn"]

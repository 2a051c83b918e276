"""Certificates: issued once for a decision, signed over all they say, checked by anybody, revoked."""

import json
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from lms import events
from lms.accounts.models import Membership, User
from lms.curriculum.models import CourseVersion
from lms.foundation import clock
from lms.foundation.db import db
from lms.foundation.errors import Refused
from lms.foundation.i18n import gettext as _
from lms.graduation.folios import new_folio, read_folio
from lms.graduation.models import Certificate, Decision, Verdict
from lms.graduation.signing import Keys

SIGNED = (
    "decision_id",
    "enrolment_id",
    "firm_id",
    "folio",
    "firm_name",
    "people",
    "programme_name",
    "course_title",
    "hours",
    "issued_on",
    "key_id",
)


def issue(decision: Decision, *, by: Any, keys: Keys) -> Certificate:
    """The certificate of a decision; however often and from wherever it is asked for, there is one."""
    if decision.verdict is not Verdict.GRADUATED or decision.replaced_at is not None:
        raise Refused(_("Only a firm that graduated gets a certificate."))
    known = _of_decision(decision.id)
    if known is not None:
        return known
    certificate = _drafted(decision, keys.current_id())
    certificate.signature = keys.sign(signed_text(certificate))
    try:
        with db.session.begin_nested():
            db.session.add(certificate)
    except IntegrityError:
        # Another request was faster; its certificate is the one.
        known = _of_decision(decision.id)
        if known is None:
            raise
        return known
    events.publish(
        events.CertificateIssued(
            actor_id=by.id,
            enrolment_id=certificate.enrolment_id,
            firm_id=certificate.firm_id,
            certificate_id=certificate.id,
        )
    )
    return certificate


def revoke(certificate: Certificate, reason: str, *, by: Any) -> None:
    """Say on the public page that this certificate no longer holds. The decision itself stays as it is."""
    if certificate.revoked_at is not None:
        raise Refused(_("This certificate was revoked already."))
    if len(reason.strip()) < 3:
        raise Refused(_("Write why the certificate is revoked."))
    certificate.revoked_at = clock.now()
    certificate.revoked_reason = reason.strip()
    certificate.revoked_by_id = by.id
    events.publish(
        events.CertificateRevoked(
            actor_id=by.id, certificate_id=certificate.id, firm_id=certificate.firm_id, reason=reason.strip()
        )
    )


def verify(certificate: Certificate, keys: Keys) -> bool:
    """Whether the certificate says today, to the letter, what was signed when it was issued."""
    return keys.verify(certificate.key_id, signed_text(certificate), certificate.signature)


def find(typed: str) -> Certificate | None:
    """The certificate with that folio, typed with or without dashes."""
    folio = read_folio(typed)
    if folio is None:
        return None
    return db.session.scalar(select(Certificate).where(Certificate.folio == folio))


def signed_text(certificate: Certificate) -> bytes:
    """All that the certificate says, in the one spelling that is signed: JSON, keys sorted, no spaces."""
    fields = {name: getattr(certificate, name) for name in SIGNED}
    fields["issued_on"] = certificate.issued_on.isoformat()
    return json.dumps(fields, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def _of_decision(decision_id: int) -> Certificate | None:
    return db.session.scalar(select(Certificate).where(Certificate.decision_id == decision_id))


def _drafted(decision: Decision, key_id: str) -> Certificate:
    enrolment = decision.enrolment
    version = db.session.get_one(CourseVersion, decision.course_version_id)
    return Certificate(
        decision_id=decision.id,
        enrolment_id=enrolment.id,
        firm_id=enrolment.firm_id,
        folio=new_folio(),
        firm_name=enrolment.firm.name,
        people=_names(enrolment.firm_id),
        programme_name=enrolment.cohort.programme.name,
        course_title=version.title,
        hours=version.hours,
        issued_on=clock.today(enrolment.cohort.time_zone),
        key_id=key_id,
    )


def _names(firm_id: int) -> list[str]:
    """The people of the firm on that day, in the order they came; who is suspended is not named."""
    members = (
        select(User.name)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.firm_id == firm_id, Membership.ended_at.is_(None), User.suspended_at.is_(None))
        .order_by(Membership.id)
    )
    return list(db.session.scalars(members))

"""What people agreed their data may be used for: asked one purpose at a time, every answer kept."""

from collections.abc import Collection, Mapping

from sqlalchemy import select

from lms import events
from lms.accounts.models import Membership, MembershipKind
from lms.cohorts.models import Consent, PrivacyNotice, Purpose
from lms.foundation.clock import now
from lms.foundation.db import db

# Without the first there is no training; the others are asked, and never ticked beforehand.
NECESSARY = Purpose.TRAINING
VOLUNTARY = (Purpose.IMPACT_STUDY, Purpose.TESTIMONIALS, Purpose.SHARING)


def consents_of(user_id: int, firm_id: int) -> dict[Purpose, Consent]:
    """The newest answer of a person for each purpose they were asked."""
    answers = (
        select(Consent).where(Consent.user_id == user_id, Consent.firm_id == firm_id).order_by(Consent.id)
    )
    return {answer.purpose: answer for answer in db.session.scalars(answers)}


def answer(
    user_id: int, firm_id: int, notice: PrivacyNotice, answers: Mapping[Purpose, bool]
) -> list[Purpose]:
    """Keep the answers that are new or differ from the last; gives the purposes that changed."""
    known = consents_of(user_id, firm_id)
    changed = []
    for purpose, granted in answers.items():
        last = known.get(purpose)
        if last is not None and last.granted is granted:
            continue
        db.session.add(
            Consent(
                user_id=user_id,
                firm_id=firm_id,
                notice_id=notice.id,
                purpose=purpose,
                granted=granted,
                answered_at=now(),
            )
        )
        db.session.flush()
        changed.append(purpose)
        events.publish(
            events.ConsentAnswered(
                actor_id=user_id, user_id=user_id, firm_id=firm_id, purpose=purpose.value, granted=granted
            )
        )
    return changed


def firms_granting(firm_ids: Collection[int], purpose: Purpose) -> frozenset[int]:
    """The firms for which a purpose may be used: an owner of today agreed to it, and none refuses it."""
    owners = (
        select(Consent.firm_id, Consent.user_id, Consent.granted)
        .join(Membership, (Membership.firm_id == Consent.firm_id) & (Membership.user_id == Consent.user_id))
        .where(
            Consent.firm_id.in_(firm_ids),
            Consent.purpose == purpose,
            Membership.kind == MembershipKind.OWNER,
            Membership.ended_at.is_(None),
        )
        .order_by(Consent.id)
    )
    newest = {(row.firm_id, row.user_id): row.granted for row in db.session.execute(owners)}
    refused = {firm_id for (firm_id, _user_id), granted in newest.items() if not granted}
    return frozenset(firm_id for firm_id, _user_id in newest) - refused

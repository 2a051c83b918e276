"""The way back to uploaded invoices that wait to be looked at: signed, of use to one person and firm only."""

from typing import Any

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer

from lms.cohorts.models import Enrolment
from lms.sales.models import Channel


def write(person: Any, enrolment: Enrolment, channel: Channel, key: str) -> str:
    """A ticket for an address: whose files these are, what they add up to, and where they are kept."""
    return str(_signer().dumps([person.id, enrolment.id, channel.value, key]))


def read(ticket: str, person: Any, enrolment: Enrolment) -> tuple[Channel, str] | None:
    """Channel and key of somebody's own ticket; None for any other."""
    try:
        person_id, enrolment_id, channel, key = _signer().loads(ticket)
    except BadSignature:
        return None
    return (Channel(channel), key) if (person_id, enrolment_id) == (person.id, enrolment.id) else None


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="sales.import")

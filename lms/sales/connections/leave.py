"""A firm's leave to read its sales at a marketplace: asked for, given, kept fresh, and ended for good.

No transaction is open while a marketplace is spoken to: it may take half a minute, and others want to write.
"""

import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select

from lms import events
from lms.accounts import services as accounts
from lms.accounts.models import MembershipKind, User
from lms.cohorts.models import Enrolment, EnrolmentState
from lms.foundation import sealing
from lms.foundation.clock import now
from lms.foundation.db import db, transaction
from lms.foundation.errors import Refused
from lms.foundation.i18n import gettext as _
from lms.foundation.jobs import enqueue, every, long_job
from lms.foundation.tokens import hash_token
from lms.sales.connections.apps import MARKETPLACES, app_of
from lms.sales.connections.marketplaces import Tokens
from lms.sales.connections.wire import PASSING, Failed, Fault
from lms.sales.models import Channel, ConnectionState, SalesConnection

# So long may somebody take to sign in over there.
ANSWER_WITHIN = timedelta(minutes=30)
# A token is not begun to be used in its last minutes.
MARGIN = timedelta(minutes=5)
MAY_CONNECT = (MembershipKind.OWNER, MembershipKind.DIGITAL_LEAD)
LONGEST_CODE = 2048


def may_connect(firm_id: int, person_id: int) -> bool:
    """Whether a person of the firm may give leave in its name."""
    place = accounts.membership_of(firm_id, person_id)
    return place is not None and place.kind in MAY_CONNECT


def ask(enrolment: Enrolment, channel: Channel, *, by: Any) -> SalesConnection:
    """Begin: what the person takes along to the marketplace is made, and waits for them to come back."""
    if app_of(channel) is None:
        raise Refused(_("This connection is not offered here."))
    if not may_connect(enrolment.firm_id, by.id):
        raise Refused(_("Only the owner of the firm or who leads its digital side can connect it."))
    state = secrets.token_urlsafe(32)
    asked = SalesConnection(
        enrolment_id=enrolment.id,
        firm_id=enrolment.firm_id,
        user_id=by.id,
        channel=channel,
        state=ConnectionState.ASKED,
        state_hash=hash_token(state),
        asked_at=now(),
    )
    db.session.add(asked)
    db.session.flush()
    _seal(asked, {"state": state, "verifier": secrets.token_urlsafe(48)})
    return asked


def sign_in_address(asked: SalesConnection, back: str) -> str | None:
    """Where the person says yes; None when it took too long, or the marketplace is set up no more."""
    app = app_of(asked.channel)
    if app is None or _is_too_late(asked):
        return None
    kept = _unseal(asked)
    return MARKETPLACES[asked.channel].sign_in_address(app, back, kept["state"], kept["verifier"])


def asked_with(state: str, *, by: Any) -> SalesConnection:
    """What this person asked for, by what came back with them. Raises Refused for anything else."""
    found = select(SalesConnection).where(
        SalesConnection.state_hash == hash_token(state),
        SalesConnection.state == ConnectionState.ASKED,
        SalesConnection.user_id == by.id,
        SalesConnection.firm_id == by.firm_id,
    )
    asked = db.session.scalars(found).first()
    if asked is None or _is_too_late(asked):
        raise Refused(_("This answer belongs to no question of yours, or it is too old. Connect again."))
    return asked


def answer(state: str, code: str, account: str, back: str, *, by: Any) -> SalesConnection:
    """The person came back with a yes: a worker turns its code into tokens."""
    asked = asked_with(state, by=by)
    if not code or len(code) > LONGEST_CODE or len(account) > LONGEST_CODE:
        raise Refused(_("The marketplace sent no permission. Connect again."))
    kept = _unseal(asked)
    _seal(asked, {"code": code, "account": account, "verifier": kept["verifier"], "back": back})
    asked.state, asked.state_hash = ConnectionState.ANSWERED, None
    enqueue(open_sales_connection, connection_id=asked.id)
    return asked


@long_job
def open_sales_connection(connection_id: int) -> None:
    """Turn the code of a yes into tokens. A code works once: if that fails for good, one connects again."""
    with transaction():
        asked = db.session.get(SalesConnection, connection_id)
        if asked is None or asked.state is not ConnectionState.ANSWERED:
            return
        channel, kept, app = asked.channel, _opened(asked), app_of(asked.channel)
        if kept is None or app is None or not is_still_theirs(asked):
            end(asked, why="failed")
            return
    try:
        tokens = MARKETPLACES[channel].exchange(
            app, kept["code"], kept["back"], kept["verifier"], kept["account"]
        )
    except Failed as failed:
        if failed.fault in PASSING and _is_recent(connection_id):
            raise  # the job is tried again
        with transaction():
            _end_if(connection_id, ConnectionState.ANSWERED, why="failed")
        return
    with transaction():
        asked = _locked(connection_id)
        if asked is not None and asked.state is ConnectionState.ANSWERED and is_still_theirs(asked):
            _open(asked, tokens)


def _is_recent(connection_id: int) -> bool:
    with transaction():
        asked = db.session.get(SalesConnection, connection_id)
        return asked is not None and not _is_too_late(asked)


def _open(asked: SalesConnection, tokens: Tokens) -> None:
    older = open_one(asked.firm_id, asked.channel)
    if older is not None:
        end(older, why="replaced")
        db.session.flush()
    _keep(asked, tokens)
    asked.state, asked.opened_at = ConnectionState.OPEN, now()
    db.session.flush()
    events.publish(
        events.SalesConnected(
            actor_id=asked.user_id, firm_id=asked.firm_id, connection_id=asked.id, channel=asked.channel.value
        )
    )


def fresh_tokens(connection_id: int, *, force: bool = False) -> Tokens:
    """Tokens that work now; old ones are exchanged first and the new ones kept before they are used.

    Raises Failed; NOT_ALLOWED means that the leave has ended, here or over there.
    """
    with transaction():
        connection = _open_or_fail(connection_id)
        kept, sealed, channel = _opened(connection), connection.sealed, connection.channel
        app = app_of(channel)
    if kept is None or app is None:
        raise Failed(Fault.NOT_ALLOWED)
    tokens = Tokens(**kept["tokens"])
    if not force and datetime.fromisoformat(kept["until"]) - MARGIN > now():
        return tokens
    try:
        new = MARKETPLACES[channel].refresh(app, tokens)
    except Failed as failed:
        if failed.fault not in (Fault.REFUSED, Fault.NOT_ALLOWED):
            raise
        return _those_of_another_worker(connection_id, sealed)
    with transaction():
        _keep(_open_or_fail(connection_id), new)
    return new


def _those_of_another_worker(connection_id: int, sealed: bytes | None) -> Tokens:
    """A token for refreshing works once: when it was used up meanwhile, its successor is here by now."""
    with transaction():
        connection = _open_or_fail(connection_id)
        kept = _opened(connection)
        if kept is None or connection.sealed == sealed:
            raise Failed(Fault.NOT_ALLOWED)
        return Tokens(**kept["tokens"])


def _open_or_fail(connection_id: int) -> SalesConnection:
    connection = _locked(connection_id)
    if connection is None or connection.state is not ConnectionState.OPEN:
        raise Failed(Fault.NOT_ALLOWED)
    if not is_still_theirs(connection):
        raise Failed(Fault.NOT_ALLOWED)
    return connection


def _locked(connection_id: int) -> SalesConnection | None:
    """Held until the transaction ends: else tokens could be written into what was ended a moment ago."""
    return db.session.get(SalesConnection, connection_id, with_for_update={"of": SalesConnection})


# The end


def end(connection: SalesConnection, *, why: str, by_id: int | None = None) -> None:
    """Nothing secret stays. What was read before stays with the firm."""
    if connection.state is ConnectionState.ENDED:
        return
    connection.state, connection.sealed, connection.state_hash = ConnectionState.ENDED, None, None
    connection.ended_at, connection.ended_by_id, connection.ended_why = now(), by_id, why
    db.session.flush()
    events.publish(
        events.SalesDisconnected(
            actor_id=by_id,
            firm_id=connection.firm_id,
            connection_id=connection.id,
            channel=connection.channel.value,
            why=why,
        )
    )


def revoke(connection: SalesConnection, *, by: Any) -> None:
    """Somebody of the firm, or who leads its programme, ends the connection."""
    if connection.state is ConnectionState.ENDED:
        raise Refused(_("This connection has ended already."))
    end(connection, why="revoked", by_id=by.id)


def end_all(*conditions: Any, why: str, by_id: int | None) -> None:
    """End what has not ended and fits: of somebody who left, of a firm that is gone."""
    going_on = SalesConnection.state != ConnectionState.ENDED
    for connection in db.session.scalars(select(SalesConnection).where(going_on, *conditions)):
        end(connection, why=why, by_id=by_id)


def is_still_theirs(connection: SalesConnection) -> bool:
    """Whether who gave the leave still works at the firm, and the firm in the programme.

    Asked at every use, whatever was heard or missed of people who left.
    """
    user = db.session.get(User, connection.user_id)
    if user is None or user.suspended_at is not None:
        return False
    if not may_connect(connection.firm_id, connection.user_id):
        return False
    return connection.enrolment.state is not EnrolmentState.WITHDRAWN


def _end_if(connection_id: int, state: ConnectionState, *, why: str) -> None:
    connection = db.session.get(SalesConnection, connection_id)
    if connection is not None and connection.state is state:
        end(connection, why=why)


# Looking


def connections_of(firm_id: int) -> list[SalesConnection]:
    """Those that are open or being opened, the newest of each channel."""
    shown = (ConnectionState.OPEN, ConnectionState.ANSWERED)
    found = (
        select(SalesConnection)
        .where(SalesConnection.firm_id == firm_id, SalesConnection.state.in_(shown))
        .order_by(SalesConnection.id)
    )
    return list({one.channel: one for one in db.session.scalars(found)}.values())


def open_one(firm_id: int, channel: Channel) -> SalesConnection | None:
    found = select(SalesConnection).filter_by(firm_id=firm_id, channel=channel, state=ConnectionState.OPEN)
    return db.session.scalars(found).first()


def _is_too_late(asked: SalesConnection) -> bool:
    return asked.asked_at + ANSWER_WITHIN < now()


# Secrets


def _keep(connection: SalesConnection, tokens: Tokens) -> None:
    until = now() + timedelta(seconds=tokens.lasts)
    _seal(connection, {"tokens": asdict(tokens), "until": until.isoformat()})


def _seal(connection: SalesConnection, said: Mapping[str, Any]) -> None:
    connection.sealed = sealing.seal(json.dumps(said).encode(), of=_place(connection))


def _unseal(connection: SalesConnection) -> dict[str, Any]:
    kept = _opened(connection)
    if kept is None:
        raise Refused(_("This connection cannot be used any more. Connect again."))
    return kept


def _opened(connection: SalesConnection) -> dict[str, Any] | None:
    try:
        return json.loads(sealing.unseal(connection.sealed or b"", of=_place(connection)))
    except sealing.Unsealable:
        return None


def _place(connection: SalesConnection) -> str:
    return f"sales_connection:{connection.id}:{connection.firm_id}:{connection.channel.value}"


@every(timedelta(hours=1))
def forget_unanswered_questions() -> None:
    """Who did not come back from the marketplace asks again."""
    old = SalesConnection.asked_at < now() - ANSWER_WITHIN
    db.session.execute(delete(SalesConnection).where(old, SalesConnection.state == ConnectionState.ASKED))

"""Sales read over a connection, a month in each job, into the same dry run that files go to.

A job neither sleeps nor holds a transaction while it reads: who waits for a marketplace comes back later.
"""

import hashlib
import json
import random
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from lms.foundation import storage
from lms.foundation.clock import now
from lms.foundation.db import db, transaction
from lms.foundation.errors import Refused
from lms.foundation.i18n import gettext as _
from lms.foundation.jobs import enqueue, long_job
from lms.sales import digesting, ledger, months, uploads, words
from lms.sales.batches import Read
from lms.sales.connections import leave
from lms.sales.connections.apps import MARKETPLACES, app_of
from lms.sales.connections.marketplaces import Asked
from lms.sales.connections.patience import MOST_TRIES, wait_before
from lms.sales.connections.wire import PASSING, Failed, Fault
from lms.sales.digesting import Digest
from lms.sales.importers.canonical import Batch
from lms.sales.models import Channel, ConnectionState, SalesConnection, SalesUpload, UploadState

MOST_MONTHS = 36


def usual_months(connection: SalesConnection) -> tuple[date, date]:
    """From a year before the course to the last month that is over."""
    newest = ledger.last_ended_month(connection.enrolment.firm)
    return min(ledger.baseline_months(connection.enrolment)[0], newest), newest


def read(connection: SalesConnection, since: date, *, vat: str = "", by: Any) -> SalesUpload:
    """Begin to read the whole months from `since` to the last one that is over. Raises Refused."""
    if connection.state is not ConnectionState.OPEN or not leave.is_still_theirs(connection):
        raise Refused(_("This connection cannot be used any more. Connect again."))
    newest = ledger.last_ended_month(connection.enrolment.firm)
    wanted = months.months_between(months.first_of(since), newest)
    if not wanted:
        raise Refused(_("Choose a month that is over."))
    if len(wanted) > MOST_MONTHS:
        raise Refused(_("Choose at most three years."))
    if any(_is_of(one, connection.id) for one in _under_way(connection.firm_id)):
        raise Refused(_("These sales are being read already."))
    begun = SalesUpload(
        enrolment_id=connection.enrolment_id,
        firm_id=connection.firm_id,
        user_id=by.id,
        state=UploadState.READING,
        channel=connection.channel,
        options={
            "bytes": 0, "connection": connection.id, "vat": vat, "tries": 0, "at": 0,
            "months": [months.write_month(month) for month in wanted],
        },
        uploaded_at=now(),
    )  # fmt: skip
    db.session.add(begun)
    db.session.flush()
    enqueue(read_connected_month, upload_id=begun.id, at=0)
    return begun


@long_job
def read_connected_month(upload_id: int, at: int) -> None:
    """Read one month and ask for the next. Done twice it is the same: what is past is not read again."""
    with transaction():
        begun = _still_wanted(upload_id, at)
        if begun is None:
            return
        connection_id, batch = begun.options["connection"], _batch_so_far(begun)
        channel, asked = Channel(begun.channel or ""), _asked(begun, at)
    try:
        _read_month(connection_id, channel, asked, batch)
    except Failed as failed:
        with transaction():
            begun = _still_wanted(upload_id, at)
            if begun is not None:
                _take_failure(begun, connection_id, failed)
        return
    with transaction():
        begun = _still_wanted(upload_id, at)
        if begun is not None:
            _take_month(begun, connection_id, batch)


def _read_month(connection_id: int, channel: Channel, asked: Asked, batch: Batch) -> None:
    app, marketplace = app_of(channel), MARKETPLACES[channel]
    tokens = leave.fresh_tokens(connection_id)
    if app is None:
        raise Failed(Fault.NOT_ALLOWED)
    untouched = digesting.pack(Read(channel=channel, batch=batch))
    try:
        marketplace.read_month(app, tokens, asked, batch)
    except Failed as failed:
        if failed.fault is not Fault.NOT_ALLOWED:
            raise
        # A token may end before its time; a second refusal is meant.
        tokens = leave.fresh_tokens(connection_id, force=True)
        vars(batch).update(vars(digesting.unpack(untouched).batch))
        marketplace.read_month(app, tokens, asked, batch)


def _still_wanted(upload_id: int, at: int) -> SalesUpload | None:
    begun = db.session.get(SalesUpload, upload_id)
    if begun is None or begun.state is not UploadState.READING or begun.options.get("at") != at:
        return None
    return begun


def _batch_so_far(begun: SalesUpload) -> Batch:
    if begun.batch_key:
        return uploads.read_of(begun).batch
    return MARKETPLACES[Channel(begun.channel or "")].new_batch(begun.options["vat"])


def _asked(begun: SalesUpload, at: int) -> Asked:
    month = months.parse_month(begun.options["months"][at])
    return Asked(month=month, zone=begun.enrolment.firm.time_zone, vat=begun.options["vat"])


def _take_month(begun: SalesUpload, connection_id: int, batch: Batch) -> None:
    connection = db.session.get(SalesConnection, connection_id)
    if connection is None or connection.state is not ConnectionState.OPEN:
        # Ended while it was read: nothing that came with it is kept.
        _stop(begun, _told(Fault.NOT_ALLOWED, begun))
        return
    _forget_batch(begun)
    begun.rows_read, at = batch.rows, begun.options["at"] + 1
    _say(begun, at=at, tries=0, again_at=None)
    read = Read(channel=connection.channel, batch=batch, files=[_provenance(begun, batch)])
    if at < len(begun.options["months"]):
        begun.batch_key = storage.put(digesting.pack(read)).key
        enqueue(read_connected_month, upload_id=begun.id, at=at)
        return
    connection.read_at = now()
    if batch.entries:
        uploads.take_in(begun, Digest(read=read))
    else:
        _stop(begun, _("Nothing that counts was sold there in these months."))


def _provenance(begun: SalesUpload, batch: Batch) -> dict[str, Any]:
    """What stands for the file that there is none of: a hash of all that was read and counted."""
    content = json.dumps(sorted(batch.entries.items())).encode()
    return {
        "name": f"{begun.options['months'][0]} – {begun.options['months'][-1]}", "kind": batch.source,
        "sha256": hashlib.sha256(content).hexdigest(), "counts": bool(batch.entries), "rows": batch.rows,
    }  # fmt: skip


def _take_failure(begun: SalesUpload, connection_id: int, failed: Failed) -> None:
    tries = begun.options["tries"] + 1
    if failed.fault in PASSING and tries < MOST_TRIES:
        again = now() + timedelta(seconds=wait_before(tries, failed.wait, random.random()))
        _say(begun, tries=tries, again_at=again.isoformat())
        enqueue(read_connected_month, run_at=again, upload_id=begun.id, at=begun.options["at"])
        return
    _stop(begun, _told(failed.fault, begun))
    if failed.fault is Fault.NOT_ALLOWED:
        connection = db.session.get(SalesConnection, connection_id)
        if connection is not None:
            theirs = leave.is_still_theirs(connection)
            leave.end(connection, why="refused" if theirs else "left")


def _told(fault: Fault, begun: SalesUpload) -> str:
    place = words.CHANNELS[Channel(begun.channel or "")]
    return str(words.CONNECTION_FAULTS[fault]) % {"place": place}


def _stop(begun: SalesUpload, problem: str) -> None:
    begun.state, begun.problem = UploadState.REFUSED, problem
    _forget_batch(begun)


def _forget_batch(begun: SalesUpload) -> None:
    if begun.batch_key:
        enqueue(uploads.forget_sales_files, storage_key=begun.batch_key)
        begun.batch_key = None


def _say(begun: SalesUpload, **said: Any) -> None:
    begun.options = {**begun.options, **said}


def _under_way(firm_id: int) -> list[SalesUpload]:
    found = select(SalesUpload).where(
        SalesUpload.firm_id == firm_id, SalesUpload.state == UploadState.READING
    )
    return list(db.session.scalars(found))


def _is_of(begun: SalesUpload, connection_id: int) -> bool:
    return begun.options.get("connection") == connection_id


def end(connection: SalesConnection, *, by: Any) -> None:
    """End a connection, and with it what is being read over it."""
    leave.revoke(connection, by=by)
    for begun in _under_way(connection.firm_id):
        if _is_of(begun, connection.id):
            _stop(begun, _told(Fault.NOT_ALLOWED, begun))


def progress_of(begun: SalesUpload) -> Mapping[str, Any] | None:
    """How far a reading is: months done, of how many, and when it goes on if it waits; None for files."""
    said = begun.options
    if "connection" not in said:
        return None
    again = said.get("again_at")
    return {
        "connection_id": said["connection"], "done": said["at"], "all": len(said["months"]),
        "again_at": datetime.fromisoformat(again) if again else None,
    }  # fmt: skip

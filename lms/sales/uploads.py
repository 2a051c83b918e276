"""Files of sales on their way from the upload to the books: read at once or in a job, looked over, written.

What waits is only kept for a day: the files until they were read, then the orders and amounts in them.
"""

import io
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from sqlalchemy import select, update

from lms.accounts.models import User
from lms.cohorts.models import Enrolment
from lms.foundation import sheets, storage
from lms.foundation.clock import now
from lms.foundation.db import db, transaction
from lms.foundation.errors import Refused
from lms.foundation.i18n import gettext as _
from lms.foundation.jobs import enqueue, every, job, long_job
from lms.sales import archives, digesting, mappings, months, planning
from lms.sales.batches import Read
from lms.sales.digesting import Digest
from lms.sales.importers.layout import Setting
from lms.sales.importing import import_batch
from lms.sales.models import Channel, SalesUpload, UploadState
from lms.sales.reading import columns_of

# What is larger is read by a worker, with its progress on the page.
SMALL_BYTES = 1 << 20
# With more orders than this the books are written by a worker too.
MANY_ORDERS = 20_000
KEEP = timedelta(days=1)


def upload(
    enrolment: Enrolment, channel: Channel | None, files: Sequence[archives.File], *, by: Any
) -> SalesUpload:
    """Take in tables or certificates. Raises Refused for what cannot be read, if that shows at once."""
    arrived = SalesUpload(
        enrolment_id=enrolment.id,
        firm_id=enrolment.firm_id,
        user_id=by.id,
        state=UploadState.READING,
        channel=channel,
        options={"bytes": sum(len(content) for _name, content in files)},
        uploaded_at=now(),
    )
    arrived.files_key = storage.put(archives.pack(files)).key
    db.session.add(arrived)
    db.session.flush()
    _start_reading(arrived)
    return arrived


def say_more(
    arrived: SalesUpload,
    channel: Channel,
    *,
    columns: Mapping[str, str] | None = None,
    vat: str = "",
    date_order: str = "",
    month: str = "",
) -> None:
    """Say what a file does not: what its columns mean, or which month it is about; then it is read again."""
    if not arrived.files_key or arrived.state in (UploadState.WRITING, UploadState.WRITTEN):
        raise Refused(_("These files are no longer here. Upload them again."))
    arrived.channel = channel
    said = {"mapping": dict(columns or {}), "vat": vat, "date_order": date_order, "month": month}
    arrived.options = {**arrived.options, **said}
    arrived.state, arrived.problem, arrived.rows_read = UploadState.READING, "", 0
    db.session.flush()
    _start_reading(arrived)


def _start_reading(arrived: SalesUpload) -> None:
    if arrived.options["bytes"] > SMALL_BYTES:
        enqueue(read_sales_upload, upload_id=arrived.id)
        return
    setting = _setting(arrived)
    found = digesting.digest(
        _files(arrived.files_key), arrived.channel, setting, mappings.all_of(arrived.firm_id)
    )
    take_in(arrived, found)
    if arrived.state is UploadState.REFUSED:
        raise Refused(arrived.problem)


def _setting(arrived: SalesUpload, **more: Any) -> Setting:
    said = arrived.options
    return Setting(
        zone=arrived.enrolment.firm.time_zone,
        rfc=arrived.enrolment.firm.rfc or "",
        month=months.parse_month(said["month"]) if said.get("month") else None,
        mapping=said.get("mapping") or {},
        vat=said.get("vat", ""),
        date_order=said.get("date_order", ""),
        **more,
    )


def _files(key: str | None) -> list[archives.File]:
    try:
        with storage.open_file(key or "") as stream:
            return archives.unpack(stream.read())
    except FileNotFoundError:
        raise Refused(_("These files are no longer here. Upload them again.")) from None


@long_job
def read_sales_upload(upload_id: int) -> None:
    """Read a large upload; how far it is stands in its row."""
    with transaction():
        arrived = db.session.get(SalesUpload, upload_id)
        if arrived is None or arrived.state is not UploadState.READING:
            return
        # Loaded before the session lets go: reading takes longer than any transaction may.
        setting = _setting(arrived, progress=lambda rows: _tell_progress(upload_id, rows))
        key, channel, remembered = arrived.files_key, arrived.channel, mappings.all_of(arrived.firm_id)
    try:
        found = digesting.digest(_files(key), channel, setting, remembered)
    except Refused as gone:
        found = Digest(problem=str(gone))
    with transaction():
        arrived = db.session.get(SalesUpload, upload_id)
        if arrived is not None and arrived.state is UploadState.READING:
            take_in(arrived, found)


def _tell_progress(upload_id: int, rows: int) -> None:
    with transaction():
        db.session.execute(update(SalesUpload).where(SalesUpload.id == upload_id).values(rows_read=rows))


def take_in(arrived: SalesUpload, found: Digest) -> None:
    """Keep what was read of an upload, or what somebody has to say first, or why it is refused."""
    arrived.problem = found.problem
    if found.columns is not None or found.needs_month:
        # Without the rows that show what the columns hold: buyers are in them.
        columns = {**asdict(found.columns), "examples": []} if found.columns else None
        arrived.options = {**arrived.options, "columns": columns}
        arrived.state = UploadState.TO_MAP
        return
    if found.read is None:
        arrived.state = UploadState.REFUSED
        _drop_files(arrived)
        return
    batch = found.read.batch
    arrived.channel, arrived.rows_read = found.read.channel, batch.rows
    arrived.options = {**arrived.options, "orders": len(batch.entries), "source": batch.source}
    arrived.batch_key = storage.put(digesting.pack(found.read)).key
    arrived.state = UploadState.READY
    columns = arrived.options.get("columns")
    if columns and batch.columns:
        mappings.remember(arrived.firm_id, columns["signature"], found.read.channel, batch.columns)
    if not batch.columns:
        # Nobody has to say anything more about these files.
        _drop_files(arrived)
    if arrived.options["orders"] > MANY_ORDERS:
        arrived.plan = planning.as_data(planning.plan(arrived.enrolment, found.read.channel, batch))


def _drop_files(arrived: SalesUpload) -> None:
    if arrived.files_key:
        enqueue(forget_sales_files, storage_key=arrived.files_key)
        arrived.files_key = None


@job
def forget_sales_files(storage_key: str) -> None:
    """Files of sales name buyers, and lists of orders are nobody else's business: they do not stay."""
    storage.delete(storage_key)


def read_of(arrived: SalesUpload) -> Read:
    """What was read of an upload. Raises Refused when it is gone."""
    try:
        with storage.open_file(arrived.batch_key or "") as stream:
            return digesting.unpack(stream.read())
    except FileNotFoundError:
        raise Refused(_("These files are no longer here. Upload them again.")) from None


def plan_of(arrived: SalesUpload) -> dict[str, Any]:
    """What an upload would change, as it stands now; of a very large one as it stood when it was read."""
    if arrived.plan:
        return arrived.plan
    read = read_of(arrived)
    return planning.as_data(planning.plan(arrived.enrolment, read.channel, read.batch))


def examples_of(arrived: SalesUpload) -> Sequence[Sequence[str]]:
    """The first rows of an upload whose columns somebody has to name, read again for this one look."""
    try:
        for name, content in _files(arrived.files_key):
            return columns_of(sheets.open_tables(io.BytesIO(content), name)[0]).examples
    except (Refused, sheets.Unreadable):
        pass
    return []


def open_uploads(firm_id: int) -> list[SalesUpload]:
    """What a firm uploaded and has not written into its books, newest first."""
    waiting = (UploadState.WRITTEN, UploadState.REFUSED)
    found = select(SalesUpload).where(SalesUpload.firm_id == firm_id, SalesUpload.state.not_in(waiting))
    return list(db.session.scalars(found.order_by(SalesUpload.id.desc())))


def write(arrived: SalesUpload, *, by: Any) -> None:
    """Write what was looked over into the books; a worker does it where it is much. Raises Refused."""
    if arrived.state is not UploadState.READY:
        raise Refused(_("These files are no longer here. Upload them again."))
    if arrived.options["orders"] > MANY_ORDERS:
        arrived.state = UploadState.WRITING
        enqueue(write_sales_upload, upload_id=arrived.id, user_id=by.id)
        return
    _write(arrived, by)


@job
def write_sales_upload(upload_id: int, user_id: int) -> None:
    """Write a large upload into the books, all of it or nothing."""
    arrived = db.session.get(SalesUpload, upload_id)
    by = db.session.get(User, user_id)
    if arrived is not None and by is not None and arrived.state is UploadState.WRITING:
        try:
            _write(arrived, by)
        except Refused as refusal:
            arrived.state, arrived.problem = UploadState.REFUSED, str(refusal)


def _write(arrived: SalesUpload, by: Any) -> None:
    read = read_of(arrived)
    done, _plan = import_batch(
        arrived.enrolment, read.channel, read.batch, read.file_hash, by=by, actor_id=by.id
    )
    arrived.state = UploadState.WRITTEN
    arrived.import_id = done.id if done else None
    _drop_files(arrived)
    enqueue(forget_sales_files, storage_key=arrived.batch_key)
    arrived.batch_key = None


@every(timedelta(hours=6))
def forget_old_uploads() -> None:
    """Who did not come back within a day uploads again."""
    old = select(SalesUpload).where(
        SalesUpload.uploaded_at < now() - KEEP, SalesUpload.state != UploadState.WRITTEN
    )
    for arrived in db.session.scalars(old):
        for key in (arrived.files_key, arrived.batch_key):
            if key:
                enqueue(forget_sales_files, storage_key=key)
        db.session.delete(arrived)

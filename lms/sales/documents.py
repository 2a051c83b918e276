"""XML documents brought at once: certificates of platforms go one way, invoices the other."""

import hashlib
from collections.abc import Sequence
from typing import Any

from lms.cohorts.models import Enrolment
from lms.foundation.errors import Refused
from lms.foundation.i18n import gettext as _
from lms.sales import archives, invoices, months, words
from lms.sales.batches import Read, given, sort_files
from lms.sales.importers import certificates
from lms.sales.importers.certificates import Certificate
from lms.sales.importing import import_read
from lms.sales.invoices import FileLine
from lms.sales.models import Channel

# What platforms certify; their sales are never those of a counter.
OF_PLATFORMS = (Channel.MERCADO_LIBRE, Channel.AMAZON, Channel.OWN_SHOP, Channel.SOCIAL, Channel.OTHER)


def import_documents(
    enrolment: Enrolment, channel: Channel | None, files: Sequence[archives.File], **who: Any
) -> list[dict[str, Any]]:
    """Carry out or only plan the import of XML files and ZIPs of them; gives plain data. Raises Refused.

    `who` is what `importing.import_read` wants to know: by, actor_id, dry_run.
    """
    proofs, rest = read_certificates(enrolment.firm.rfc or "", channel, files)
    answers = [import_read(enrolment, read, **who) for read in proofs]
    return [*answers, _import_invoices(enrolment, channel, rest, **who)] if rest else answers


def are_invoices(rfc: str, channel: Channel | None, files: Sequence[archives.File]) -> bool:
    """Whether all of these are invoices, and not tables or certificates."""
    tables, papers = sort_files([given(name, content) for name, content in files])
    return not tables and bool(papers) and not read_certificates(rfc, channel or Channel.OTHER, papers)[0]


def read_certificates(
    rfc: str, channel: Channel | None, files: Sequence[archives.File]
) -> tuple[list[Read], Sequence[archives.File]]:
    """The certificates among these files by channel, and the other files. Raises Refused.

    Without certificates the files come back as they are.
    """
    try:
        entries = archives.open_all(files)
    except archives.Unsafe as unsafe:
        raise Refused(str(words.PROBLEMS[unsafe.problem]) % {"name": unsafe.name}) from unsafe
    read = [(entry, certificates.read(entry.content)) for entry in entries]
    if not any(one for _entry, one in read):
        return [], files
    found: dict[Channel, list[tuple[archives.Entry, Certificate]]] = {}
    for entry, one in read:
        if one is not None:
            found.setdefault(_channel_of(one, channel), []).append((entry, one))
    rest = [(entry.name, entry.content) for entry, one in read if one is None and entry.problem is None]
    return [_read(rfc, kind, some) for kind, some in found.items()], rest


def _channel_of(certificate: Certificate, channel: Channel | None) -> Channel:
    if channel is not None:
        return channel
    if not certificate.channel:
        raise Refused(_("Say which platform issued these certificates: its name does not tell."))
    return Channel(certificate.channel)


def _read(rfc: str, channel: Channel, found: list[tuple[archives.Entry, Certificate]]) -> Read:
    batch = certificates.batch_of([one for _entry, one in found], rfc, channel.value)
    files = [
        {
            "name": entry.name,
            "sha256": hashlib.sha256(entry.content).hexdigest(),
            "kind": batch.source,
            "counts": one.fault is None,
            "rows": 1,
            "month": months.write_month(one.month) if one.month else None,
            "uuid": one.uuid,
        }
        for entry, one in found
    ]
    return Read(channel=channel, batch=batch, files=files)


def _import_invoices(
    enrolment: Enrolment,
    channel: Channel | None,
    files: Sequence[archives.File],
    *,
    by: Any,
    actor_id: int | None,
    dry_run: bool,
) -> dict[str, Any]:
    kind = channel or Channel.WHOLESALE
    plan = invoices.plan_import(enrolment, kind, files)
    written = not dry_run and bool(plan.counted)
    if written:
        invoices.import_invoices(enrolment, kind, files, by=by, actor_id=actor_id)
    return {"written": written, **invoices.as_data(plan), "files": [_file_data(one) for one in plan.files]}


def _file_data(line: FileLine) -> dict[str, Any]:
    return {
        "name": line.name,
        "counts": line.count,
        "reason": str(line.reason),
        "month": months.write_month(line.month) if line.month else None,
        "gross": None if line.gross is None else str(line.gross),
        "uuid": line.uuid or None,
    }

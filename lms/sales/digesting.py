"""Uploaded files turned into what they add up to, without the database: in a request, or in a job.

What comes out can be kept as bytes until somebody has looked it over.
"""

import json
import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from lms.foundation.errors import Refused
from lms.foundation.i18n import gettext as _
from lms.sales import archives, documents
from lms.sales.batches import Read, given, read_tables, sort_files
from lms.sales.importers.canonical import Batch, Entry
from lms.sales.importers.layout import Setting
from lms.sales.models import Channel
from lms.sales.reading import Columns, NoMonth, Unmapped

_COUNTERS = ("left_out", "noted", "statuses")


@dataclass(frozen=True, kw_only=True)
class Digest:
    """What came of files: what they add up to, or what somebody has to say first, or why they are refused."""

    read: Read | None = None
    columns: Columns | None = None
    needs_month: bool = False
    problem: str = ""


def digest(
    files: Sequence[archives.File],
    channel: Channel | None,
    setting: Setting,
    remembered: Mapping[str, tuple[Channel, dict[str, str]]],
) -> Digest:
    """Read files of one kind. It never raises: a refusal comes back in words."""
    try:
        return Digest(read=_read(files, channel, setting))
    except Unmapped as unmapped:
        known = remembered.get(unmapped.columns.signature)
        if known is None or setting.mapping:
            return Digest(columns=unmapped.columns)
        again = digest(files, channel or known[0], replace(setting, mapping=known[1]), {})
        return again if again.read else Digest(columns=unmapped.columns)
    except NoMonth as asks:
        return Digest(needs_month=True, problem=str(asks))
    except Refused as refusal:
        return Digest(problem=str(refusal))


def _read(files: Sequence[archives.File], channel: Channel | None, setting: Setting) -> Read:
    tables, papers = sort_files([given(name, content) for name, content in files])
    if tables and papers:
        raise Refused(_("Invoices and lists of sales are uploaded one after the other."))
    if papers:
        found, rest = documents.read_certificates(setting.rfc, channel, papers)
        if rest:
            raise Refused(_("Certificates of a platform are uploaded apart from invoices."))
    else:
        found = read_tables(tables, channel, setting, guess=False)
    if len(found) != 1:
        raise Refused(_("These files are of different kinds. Upload one kind after the other."))
    return found[0]


def pack(read: Read) -> bytes:
    """What was read as bytes."""
    batch = read.batch
    said: dict[str, Any] = {
        "channel": read.channel.value,
        "files": read.files,
        "source": batch.source,
        "tier": batch.tier,
        "currency": batch.currency,
        "rows": batch.rows,
        "first_day": batch.first_day,
        "last_day": batch.last_day,
        "knows": sorted(batch.knows),
        "columns": batch.columns,
        "entries": batch.entries,
    } | {name: getattr(batch, name) for name in _COUNTERS}
    return zlib.compress(json.dumps(said).encode(), 1)


def unpack(content: bytes) -> Read:
    """What `pack` put away."""
    said = json.loads(zlib.decompress(content))
    batch = Batch(
        source=said["source"],
        channel=said["channel"],
        tier=said["tier"],
        currency=said["currency"],
        rows=said["rows"],
        first_day=said["first_day"],
        last_day=said["last_day"],
        knows=frozenset(said["knows"]),
        columns=said["columns"],
        entries={number: Entry(*entry) for number, entry in said["entries"].items()},
        **{name: Counter(said[name]) for name in _COUNTERS},
    )
    return Read(channel=Channel(said["channel"]), batch=batch, files=said["files"])

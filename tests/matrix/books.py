"""What a firm sold: figures with their history and evidence, imports, uploads, leave to read a shop."""

from decimal import Decimal
from typing import Any

from lms.cohorts.models import Enrolment
from lms.foundation import storage
from lms.foundation.clock import now
from lms.sales import archives, digesting
from lms.sales.batches import Read
from lms.sales.importers.canonical import MILLION, Batch, Entry
from lms.sales.models import (
    Baseline,
    Channel,
    ConnectionState,
    Evidence,
    Figure,
    FigureRevision,
    Invoice,
    MilestoneReached,
    SalesConnection,
    SalesImport,
    SalesUpload,
    Tier,
    UploadState,
)
from tests import build
from tests.build import add
from tests.matrix.furniture import MONTH, Canaries


def sold(by: dict, enrolment: Enrolment, version, words: Canaries, amount: Decimal, person) -> dict[str, Any]:
    kept, small = storage.put(words.work.encode()), storage.put(words.work.encode())
    evidence = add(
        Evidence(
            **by,
            original_name=f"{words.work}.webp",
            media_type="image/webp",
            size=kept.size,
            sha256=kept.sha256,
            storage_key=kept.key,
            thumbnail_key=small.key,
            uploaded_at=now(),
        )
    )
    brought = add(
        SalesImport(
            **by,
            kind="cfdi",
            channel=Channel.OTHER,
            counted=1,
            left_out=0,
            imported_at=now(),
            summary={
                "channel": "other",
                "counted": 1,
                "left_out": {},
                "months": [{"month": "2026-09", "invoices": 1, "before": None, "after": str(amount)}],
            },
        )
    )
    figure = add(
        Figure(
            **by,
            channel=Channel.COUNTER,
            month=MONTH,
            gross=amount,
            orders=3,
            tier=Tier.D_RECORD,
            note=words.work,
            evidence_id=evidence.id,
            declared_at=now(),
        )
    )
    add(
        Figure(
            **by,
            channel=Channel.AMAZON,
            month=MONTH,
            gross=amount,
            tier=Tier.B_EXPORT,
            declared_at=now(),
            verified_at=now(),
            verified_by_id=enrolment.mentor_id,
        )
    )
    add(
        FigureRevision(
            figure_id=figure.id,
            firm_id=figure.firm_id,
            channel=figure.channel,
            month=MONTH,
            by_id=person.id,
            at=now(),
            what="declared",
            before=None,
            after=amount,
        )
    )
    add(
        Invoice(
            firm_id=enrolment.firm_id,
            import_id=brought.id,
            uuid=f"uuid-{words.work}",
            kind="I",
            month=MONTH,
            gross=amount,
            net=amount,
        )
    )
    months = [[f"2026-{month:02d}-01", str(amount)] for month in range(3, 9)]
    add(Baseline(**by, months=months, source_note=words.work, frozen_at=build.LONG_AGO))
    reached = add(
        MilestoneReached(
            **by,
            milestone_id=version.milestones[2].id,
            reached_on=MONTH,
            evidence=words.work,
            claimed_at=now(),
        )
    )
    return {
        "evidence_id": evidence.id, "figure_id": figure.id, "sales_import_id": brought.id,
        "milestone_reached_id": reached.id, "sales_upload_id": _upload(by, words, amount).id,
        "sales_connection_id": _connection(by).id,
    }  # fmt: skip


def _connection(by: dict) -> SalesConnection:
    """Leave to read the sales at a marketplace, as it is while nobody uses it."""
    opened = {"opened_at": build.LONG_AGO, "state": ConnectionState.OPEN, "asked_at": build.LONG_AGO}
    return add(SalesConnection(**by, channel=Channel.MERCADO_LIBRE, sealed=b"sealed", **opened))


def _upload(by: dict, words: Canaries, amount: Decimal) -> SalesUpload:
    """A file of sales that was read and waits to be looked over."""
    batch = Batch(source="mapped:abc", channel="counter", rows=1, columns={"date": words.work})
    batch.entries["1"] = Entry(MONTH.year * 12 + MONTH.month - 1, int(amount) * MILLION, None, 1, 1, 0, 0, 0)
    read = Read(channel=Channel.COUNTER, batch=batch, files=[])
    return add(
        SalesUpload(
            **by,
            state=UploadState.READY,
            channel=Channel.COUNTER,
            files_key=storage.put(archives.pack([(words.work, b"Fecha,Total")])).key,
            batch_key=storage.put(digesting.pack(read)).key,
            options={
                "bytes": 10, "orders": 1,
                "columns": {"names": [words.work], "examples": [], "guessed": {}, "signature": "abc"},
            },
            uploaded_at=now(),
        )
    )  # fmt: skip

"""XML documents brought at once: certificates of platforms go one way, invoices the other."""

from collections.abc import Sequence
from typing import Any

from lms.cohorts.models import Enrolment
from lms.sales import archives, invoices, months
from lms.sales.invoices import FileLine
from lms.sales.models import Channel


def import_documents(
    enrolment: Enrolment,
    channel: Channel | None,
    files: Sequence[archives.File],
    *,
    by: Any,
    actor_id: int | None,
    dry_run: bool,
) -> list[dict[str, Any]]:
    """Carry out or only plan the import of XML files and ZIPs of them; gives plain data. Raises Refused."""
    return [_import_invoices(enrolment, channel, files, by=by, actor_id=actor_id, dry_run=dry_run)]


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

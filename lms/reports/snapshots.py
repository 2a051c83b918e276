"""Published reports: frozen as canonical JSON, known by their hash, compared with each other."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from lms import events
from lms.cohorts.models import Programme
from lms.foundation.clock import now
from lms.foundation.db import db
from lms.foundation.errors import Refused
from lms.foundation.i18n import gettext as _
from lms.reports.document import document_of
from lms.reports.models import ReportSnapshot
from lms.reports.selection import Selection
from lms.reports.shown import may_follow

# What is compared between two reports: numbers of firms and results, not how they were found.
COMPARED = ("flow", "windows", "graduates", "real", "volumes", "sources", "comparison_firms")
WITHIN_WINDOW = ("months_after", "program", "comparison", "difference")
LEFT_OUT = {"method", "seed", "resamples", "df", "level", "v", "u"}
# On the scale of logarithms, beside the ratio that says the same.
LOGARITHMS = {"coefficient", "error", "errors", "mean", "sd", "t"}
OF_LOGARITHMS = {"clustered", "robust", "mean_log_change"}


@dataclass(frozen=True)
class Changed:
    """One number that differs between two reports, by the path of its keys."""

    path: tuple[str, ...]
    before: Any
    after: Any


def publish(selection: Selection, content: Mapping[str, Any] | None = None, *, by: Any) -> ReportSnapshot:
    """Freeze the report of this selection as it is now, or the document of it that was made already."""
    content = content or document_of(selection)
    if not content["firms"]:
        raise Refused(_("No firm has started yet: there is nothing to publish."))
    text = canonical(content)
    snapshot = ReportSnapshot(
        programme_id=selection.programme.id,
        content=text,
        sha256=hash_of(text),
        is_public=_may_be_public(selection, content),
        published_by_id=by.id,
        published_at=now(),
    )
    db.session.add(snapshot)
    db.session.flush()
    about = {"programme_id": snapshot.programme_id, "report_snapshot_id": snapshot.id}
    events.publish(events.ReportPublished(actor_id=by.id, **about))
    return snapshot


def canonical(content: Mapping[str, Any]) -> str:
    """The one spelling that is hashed: JSON, keys sorted, no spaces."""
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def hash_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def verify(snapshot: ReportSnapshot) -> bool:
    """Whether the report says today, to the letter, what was published."""
    try:
        spelled = canonical(json.loads(snapshot.content))
    except ValueError:
        return False
    return spelled == snapshot.content and hash_of(snapshot.content) == snapshot.sha256


def content_of(snapshot: ReportSnapshot) -> dict[str, Any]:
    return json.loads(snapshot.content)


def snapshots_of(programme: Programme) -> list[ReportSnapshot]:
    """A programme's published reports, the newest first."""
    found = select(ReportSnapshot).where(ReportSnapshot.programme_id == programme.id)
    return list(db.session.scalars(found.order_by(ReportSnapshot.id.desc())))


def public_snapshot(programme: Programme) -> ReportSnapshot | None:
    """The report that strangers read."""
    found = select(ReportSnapshot).where(
        ReportSnapshot.programme_id == programme.id, ReportSnapshot.is_public.is_(True)
    )
    return db.session.scalars(found.order_by(ReportSnapshot.id.desc()).limit(1)).first()


def compare(before: ReportSnapshot, after: ReportSnapshot) -> list[Changed]:
    """What is another number in the later report."""
    old, new = content_of(before), content_of(after)
    # What an older report does not have yet has not changed.
    both = [key for key in COMPARED if key in old and key in new]
    pairs = (dict(_leaves({key: one[key] for key in both})) for one in (old, new))
    first, second = pairs
    return [
        Changed(path, first.get(path), second.get(path))
        for path in sorted(first.keys() | second.keys(), key=_place)
        if first.get(path) != second.get(path)
    ]


def _may_be_public(selection: Selection, content: Mapping[str, Any]) -> bool:
    """Only of the whole programme, and only where it tells with the one before no small group apart."""
    if not selection.is_whole_programme:
        return False
    last = public_snapshot(selection.programme)
    return last is None or may_follow(content_of(last)["public"], content["public"])


def _leaves(thing: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    if isinstance(thing, Mapping):
        for key, value in thing.items():
            if key not in LEFT_OUT | LOGARITHMS and not _is_logarithm(key, path):
                yield from _leaves(value, (*path, key))
    elif not isinstance(thing, list):
        yield path, thing


def _is_logarithm(key: str, path: tuple[str, ...]) -> bool:
    return key in ("low", "high") and path[-1] in OF_LOGARITHMS


def _place(path: tuple[str, ...]) -> tuple[Any, ...]:
    """The order of a report: the shortest window first, both groups before their difference."""
    if path[0] != "windows":
        return COMPARED.index(path[0]), path
    window, group, *rest = path[1:]
    length = int(window.rpartition("+")[2])
    return COMPARED.index(path[0]), length, WITHIN_WINDOW.index(group), rest

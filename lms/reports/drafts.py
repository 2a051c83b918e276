"""The report of very many firms: made by a job that says how far it is, kept until it is made again."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, func, select, update

from lms.accounts.models import Firm
from lms.cohorts.models import Enrolment, Programme
from lms.foundation.clock import now
from lms.foundation.db import db, transaction
from lms.foundation.errors import Refused
from lms.foundation.i18n import gettext as _
from lms.foundation.jobs import enqueue, long_job
from lms.reports import snapshots
from lms.reports.document import document_of
from lms.reports.models import ReportDraft
from lms.reports.selection import Selection, select_from

# A report of so many firms takes some seconds; of more it is no longer made while somebody waits.
LARGE = 2_000
# A draft that says nothing for so long was forgotten by its worker.
SILENCE = timedelta(minutes=30)


def firms_in(selection: Selection) -> int:
    counted = select(func.count(Enrolment.id)).join(Firm, Firm.id == Enrolment.firm_id)
    return db.session.scalar(counted.where(*selection.conditions())) or 0


def is_large(selection: Selection) -> bool:
    return firms_in(selection) > LARGE


def draft_of(selection: Selection) -> ReportDraft | None:
    """The newest draft of just this selection."""
    mine = (
        ReportDraft.programme_id == selection.programme.id,
        ReportDraft.selection == _written(selection),
    )
    newest = select(ReportDraft).where(*mine).order_by(ReportDraft.id.desc()).limit(1)
    return db.session.scalars(newest).first()


def is_being_made(draft: ReportDraft) -> bool:
    return draft.content is None and draft.told_at > now() - SILENCE


def ask_for(selection: Selection, *, by: Any) -> ReportDraft:
    """Have the report made; who asks while it is being made gets the same one."""
    known = draft_of(selection)
    if known is not None and is_being_made(known):
        return known
    draft = ReportDraft(
        programme_id=selection.programme.id,
        selection=_written(selection),
        firms=firms_in(selection),
        asked_by_id=by.id,
        asked_at=now(),
        told_at=now(),
    )
    db.session.add(draft)
    db.session.flush()
    enqueue(make_report_draft, draft_id=draft.id)
    return draft


def document_for(selection: Selection) -> dict[str, Any]:
    """The document of this selection: now, or as the job made it. Raises Refused where none was made yet."""
    if not is_large(selection):
        return document_of(selection)
    draft = draft_of(selection)
    if draft is None or draft.content is None:
        raise Refused(_("This report is of very many firms: have it made first, then it can be kept."))
    return json.loads(draft.content)


@long_job
def make_report_draft(draft_id: int) -> None:
    """Make the report; how many of its firms were read stands in its row."""
    draft = db.session.get(ReportDraft, draft_id)
    if draft is None or draft.content is not None:
        return
    content = snapshots.canonical(document_of(_read(draft), told=_teller(draft_id)))
    with transaction():
        kept = db.session.get(ReportDraft, draft_id)
        if kept is None:
            return
        kept.content, kept.told_at, kept.firms_read = content, now(), kept.firms
        older = (ReportDraft.programme_id == kept.programme_id, ReportDraft.selection == kept.selection)
        db.session.execute(delete(ReportDraft).where(*older, ReportDraft.id < draft_id))


def _teller(draft_id: int) -> Callable[[int], None]:
    def tell(firms: int) -> None:
        # On a connection of its own: the one that reads the firms must not stop for it.
        said = update(ReportDraft).where(ReportDraft.id == draft_id)
        with db.engine.begin() as connection:
            connection.execute(said.values(firms_read=firms, told_at=now()))

    return tell


def _written(selection: Selection) -> str:
    return json.dumps(selection.arguments(), sort_keys=True)


def _read(draft: ReportDraft) -> Selection:
    said = json.loads(draft.selection)
    programme = db.session.get_one(Programme, draft.programme_id)
    return select_from(programme, set(said.get("cohort", ())), said.get("sector", ""), said.get("state", ""))

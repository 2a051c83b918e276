"""What reports do when something happens elsewhere: the invented programmes get a published report."""

from sqlalchemy import select

from lms import events
from lms.cohorts.models import Programme
from lms.foundation.db import db
from lms.foundation.errors import Refused
from lms.reports import snapshots
from lms.reports.selection import select_from


def publish_invented(event: events.InventionLoaded) -> None:
    """One report for each invented programme that shows its results, by its lead; none where nobody began."""
    shown = select(Programme).where(Programme.invented.is_(True), Programme.report_public.is_(True))
    for programme in db.session.scalars(shown):
        try:
            snapshots.publish(select_from(programme), by=programme.leads[0])
        except Refused:
            continue


HANDLERS: events.Handlers = {events.InventionLoaded: (publish_invented,)}

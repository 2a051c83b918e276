"""The cast, built by the first test that asks for it and written down again for the others."""

from types import SimpleNamespace
from typing import Any

from sqlalchemy.orm import make_transient_to_detached

from lms.foundation.db import db
from tests import build
from tests.tables import Tables


class KeptCast:
    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self.members: dict[str, Any] = {}

    def enter(self) -> SimpleNamespace:
        """Everybody in the database, as they are after a commit: nothing of them is loaded yet."""
        if self.tables.used():
            # Somebody is there already, so that the keys are others.
            made = build.cast()
            db.session.commit()
            return made
        if not self.members:
            return self._build()
        db.session.rollback()  # sees what is written now
        self.tables.put_in()
        return SimpleNamespace(**{name: _again(thing) for name, thing in self.members.items()})

    def _build(self) -> SimpleNamespace:
        made = build.cast()
        self.members = {name: _key(thing) for name, thing in vars(made).items()}
        db.session.commit()
        self.tables.keep()
        return made


def _key(thing: Any) -> Any:
    """A row by its model and key; a Person never changes."""
    return (type(thing), thing.id) if isinstance(thing, db.Model) else thing


def _again(thing: Any) -> Any:
    if not isinstance(thing, tuple):
        return thing
    model, key = thing
    row = model(id=key)
    make_transient_to_detached(row)
    db.session.add(row)
    db.session.expire(row)
    return row

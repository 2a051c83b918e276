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
        return again(self.members)

    def _build(self) -> SimpleNamespace:
        made = build.cast()
        self.members = keys_of(made)
        db.session.commit()
        self.tables.keep()
        return made


def keys_of(cast: SimpleNamespace) -> dict[str, Any]:
    """Each row of the cast as its model and key. A Person never changes."""
    return {
        name: (type(one), one.id) if isinstance(one, db.Model) else one for name, one in vars(cast).items()
    }


def again(members: dict[str, Any]) -> SimpleNamespace:
    """The same cast in the session of now, whose database holds their rows."""
    return SimpleNamespace(
        **{name: _row(*one) if isinstance(one, tuple) else one for name, one in members.items()}
    )


def _row(model: type, key: int) -> Any:
    row = model(id=key)
    make_transient_to_detached(row)
    db.session.add(row)
    db.session.expire(row)
    return row

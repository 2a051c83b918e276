"""One-time form keys: a double tap, a retry or a replay makes one row and gets the first one's answer."""

import secrets
from datetime import datetime, timedelta
from typing import Any

from flask import Flask, Response, g, redirect, request, session
from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.orm import Mapped, mapped_column

from lms.foundation.clock import now
from lms.foundation.db import Key, Model, db, insert_into
from lms.foundation.jobs import every

KEEP = timedelta(days=60)


class FormKey(Model):
    """A form that was carried out once, where its sender was taken, and what they were told."""

    id: Mapped[Key]
    key: Mapped[str] = mapped_column(unique=True)
    location: Mapped[str] = mapped_column(default="")
    said: Mapped[list[Any]] = mapped_column(default=list)
    used_at: Mapped[datetime]


_TABLE = FormKey.__table__
_ANSWER = (
    update(_TABLE)
    .where(_TABLE.c.key == bindparam("used"))
    .values(location=bindparam("led_to"), said=bindparam("told"))
)


class Repeated(Exception):
    """This form was carried out before: then, where its sender was taken, and what they were told."""

    def __init__(self, used: FormKey) -> None:
        self.location, self.said, self.at = used.location or request.path, used.said, used.used_at


def new_key() -> str:
    """A random key for one showing of one form."""
    return secrets.token_urlsafe(16)


def use(key: str) -> None:
    """Mark the key as used within the present transaction; raises Repeated when it was used before."""
    row = {"key": key, "location": "", "said": [], "used_at": now()}
    if db.session.scalar(insert_into(FormKey, _once), row) is None:
        raise Repeated(db.session.scalars(select(FormKey).where(FormKey.key == key)).one())
    g.form_key = key


def _once(made: Any, table: Any) -> Any:
    return made.on_conflict_do_nothing().returning(table.c.id)


def init_app(app: Flask) -> None:
    """Remember where each form led, and lead a repeated one there again."""
    # For forms that no form class draws, such as the one on an error page that sends again what was typed.
    app.jinja_env.globals["new_form_key"] = new_key

    @app.after_request
    def remember(response: Response) -> Response:
        key = g.get("form_key")
        if key and 300 <= response.status_code < 400:
            told = [*g.get("said", ()), *(words for _category, words in session.get("_flashes", ()))]
            db.session.execute(_ANSWER, {"used": key, "led_to": response.location, "told": told})
        return response

    @app.errorhandler(Repeated)
    def lead_again(repeated: Repeated):
        g.said, g.answered_at = repeated.said, repeated.at
        return redirect(repeated.location)


@every(timedelta(days=1))
def forget_form_keys() -> None:
    """A replay two months later is no replay of anything a phone still holds."""
    db.session.execute(delete(FormKey).where(FormKey.used_at < now() - KEEP))

"""One-time form keys: a double tap, a retry or a replay makes one row and gets the first one's answer."""

import secrets
from datetime import datetime, timedelta
from typing import Any

from flask import Flask, Response, g, redirect, request
from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.orm import Mapped, mapped_column

from lms.foundation.clock import now
from lms.foundation.db import Key, Model, db, insert_into
from lms.foundation.jobs import every

KEEP = timedelta(days=60)


class FormKey(Model):
    """A form that was carried out once, and where its sender was taken."""

    id: Mapped[Key]
    key: Mapped[str] = mapped_column(unique=True)
    location: Mapped[str] = mapped_column(default="")
    used_at: Mapped[datetime]


_TABLE = FormKey.__table__
_LOCATION = update(_TABLE).where(_TABLE.c.key == bindparam("used")).values(location=bindparam("led_to"))


class Repeated(Exception):
    """This form was carried out before; `location` is where its sender was taken then."""

    def __init__(self, location: str) -> None:
        self.location = location


def new_key() -> str:
    """A random key for one showing of one form."""
    return secrets.token_urlsafe(16)


def use(key: str) -> None:
    """Mark the key as used within the present transaction; raises Repeated when it was used before."""
    row = {"key": key, "location": "", "used_at": now()}
    if db.session.scalar(insert_into(FormKey, _once), row) is None:
        location = db.session.scalar(select(FormKey.location).where(FormKey.key == key))
        raise Repeated(location or request.path)
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
            db.session.execute(_LOCATION, {"used": key, "led_to": response.location})
        return response

    @app.errorhandler(Repeated)
    def lead_again(repeated: Repeated):
        return redirect(repeated.location)


@every(timedelta(days=1))
def forget_form_keys() -> None:
    """A replay two months later is no replay of anything a phone still holds."""
    db.session.execute(delete(FormKey).where(FormKey.used_at < now() - KEEP))

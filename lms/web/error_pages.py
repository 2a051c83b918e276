"""What people see when something is not to be had: calm pages in their language that lose nothing they
typed."""

from flask import Flask, current_app, g, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from lms.foundation.db import db
from lms.foundation.errors import Gone, Refused
from lms.foundation.log import Logger

log = Logger("web")

NEVER_KEPT = {"csrf_token", "form_key"}


def init_app(app: Flask) -> None:
    """Answer every error with one of our own pages."""
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(Gone, _gone)
    app.register_error_handler(CSRFError, _stale)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(OperationalError, _database_away)
    app.register_error_handler(OSError, _disk)
    app.register_error_handler(Exception, _unexpected)


def _refused(refusal: Refused):
    return render_template("errors/409.html", message=str(refusal)), 409


def _gone(_gone: Gone):
    return render_template("errors/link.html"), 404


def _stale(_error: CSRFError):
    return render_template("errors/stale.html", kept=_kept()), 400


def _http(error: HTTPException):
    code = error.code or 500
    cause = getattr(error, "original_exception", None)
    # What fails after the view, when the answer is committed, arrives here wrapped up.
    if isinstance(cause, OperationalError):
        return _database_away(cause)
    if cause is not None:
        return _unexpected(cause)
    known = {403, 404, 405, 413}
    if code < 400:
        return error
    if code == 405:
        code = 404
    page = f"errors/{code}.html" if code in known else "errors/404.html" if code < 500 else "errors/500.html"
    return render_template(page), code


def _database_away(error: OperationalError):
    _let_go_of_the_database()
    log.error("database_away", error=str(error.orig)[:200], endpoint=request.endpoint)
    return render_template("errors/503.html", kept=_kept()), 503, {"Retry-After": "10"}


def _disk(error: OSError):
    _let_go_of_the_database()
    log.error("disk", errno=error.errno, endpoint=request.endpoint)
    return render_template("errors/503.html", kept=_kept()), 503, {"Retry-After": "30"}


def _unexpected(error: Exception):
    _let_go_of_the_database()
    log.exception("unexpected", endpoint=request.endpoint)
    return render_template("errors/500.html", kept=_kept()), 500


def _let_go_of_the_database() -> None:
    """Forget what was begun and ask nothing more: the page about a database that is away must not wait for
    it."""
    db.session.rollback()
    if "_login_user" not in g:
        g._login_user = current_app.login_manager.anonymous_user()  # type: ignore[attr-defined]


def _kept() -> list[tuple[str, str]]:
    """What was typed, to be sent again from the error page by one button."""
    if request.method != "POST":
        return []
    return [(name, value) for name, value in request.form.items(multi=True) if name not in NEVER_KEPT]

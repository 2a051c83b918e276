"""The guard at every door: each route states who may enter, or the app does not start."""

import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Flask, abort, current_app, request
from flask_login import current_user

from lms.foundation.db import db
from lms.foundation.log import Logger
from lms.permissions import Permission, can

log = Logger("guard")


def me() -> Any:
    """The person signed in: the real object, not Flask-Login's stand-in for it."""
    return current_user._get_current_object()


def public(view: Any) -> Any:
    """Anyone may enter."""
    view.access = "public"
    return view


def requires(permission: Permission, of: type | None = None) -> Callable[[Callable], Callable]:
    """Let in whoever holds the permission; with `of`, load the thing that the URL names.

    The URL's `<int:submission_id>` becomes the view's argument `submission`. What one may not see answers
    like what
    does not exist.
    """

    def decorate(view: Callable) -> Callable:
        @wraps(view)
        def guarded(**arguments: Any):
            if not current_user.is_authenticated:
                return current_app.login_manager.unauthorized()  # type: ignore[attr-defined]
            thing = _swap_key_for_thing(arguments, of) if of else None
            if not can(me(), permission, thing):
                log.warning("denied", person=me().id, permission=permission.value, endpoint=request.endpoint)
                abort(404)
            return view(**arguments)

        vars(guarded).update(access=permission, of=of)
        return guarded

    return decorate


def _swap_key_for_thing(arguments: dict[str, Any], of: type) -> Any:
    name = re.sub(r"(?<!^)(?=[A-Z])", "_", of.__name__).lower()
    thing: Any = db.get_or_404(of, arguments.pop(f"{name}_id"))
    arguments[name] = thing
    return thing


def check_every_route(app: Flask) -> None:
    """Refuse to start while a route does not say who may enter."""
    unguarded = [name for name, view in app.view_functions.items() if not hasattr(view, "access")]
    if unguarded:
        raise RuntimeError(f"These routes do not say who may enter: {', '.join(sorted(unguarded))}")

"""What a phone kept while it had no connection and sends later: the ordinary form to its ordinary address,
with a header that says how long ago it was made. There is no second way in; only the answer is short instead
of a page."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from flask import Flask, Response, g, get_flashed_messages, jsonify, request
from flask_login import current_user

from lms.foundation.clock import now
from lms.web.form_keys import KEEP

# Seconds since the form was sent, by the phone's own clock: a difference is right on a wrong clock too.
HEADER = "Replay"


def is_replay() -> bool:
    return HEADER in request.headers


def made_at() -> datetime | None:
    """When a replayed form was sent on the phone; None for one that arrived at once."""
    seconds = request.headers.get(HEADER, "")
    if not (seconds.isascii() and seconds.isdigit()):
        return None
    return now() - min(timedelta(seconds=int(seconds[:9])), KEEP)


def say(message: str) -> None:
    """Words for the receipt that a phone keeps, where the next page shows them by itself."""
    said: list[str] = g.setdefault("said", [])
    said.append(message)


def complain(messages: Iterable[str]) -> None:
    """Why a replayed form was not carried out, in the words that its page shows."""
    g.problems = list(messages)


def init_app(app: Flask) -> None:
    """Answer replays in JSON. Before what keeps the answer of a form, so that it runs after it."""

    @app.after_request
    def shorten(response: Response) -> Response:
        if not is_replay():
            return response
        if not current_user.is_authenticated:  # or the way to the sign-in page would look like success
            return _short([], 401)
        problems = g.get("problems", [])
        if 300 <= response.status_code < 400 and not problems:
            at = g.get("answered_at") or now()
            said = [*g.get("said", ()), *get_flashed_messages()]
            return jsonify(led_to=response.location, said=said, at=at.isoformat())
        # A page that asks for more, or a way back to what is missing, is no answer that a phone can act on.
        return _short(problems, response.status_code if response.status_code >= 400 else 422)

    def _short(problems: list[str], code: int) -> Response:
        short = jsonify(problems=problems)
        short.status_code = code
        return short

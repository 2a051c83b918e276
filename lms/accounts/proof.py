"""What a PIN or a link from staff is not enough for: acts that ask for a fresh code, and then lead back."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any

from flask import redirect, request, session, url_for

from lms.accounts.session import By
from lms.foundation import clock

FRESH = timedelta(minutes=15)
# Who began to fill in a page may finish it.
TO_FINISH = timedelta(minutes=15)
# What lets in without showing who it is: a PIN is seen over a shoulder, a link was in its maker's hands.
WEAK = (By.PIN, By.PASSED_ON)


def remember_proof() -> None:
    """This person has just shown again who they are."""
    session["proved_at"] = clock.now().isoformat()


def must_prove(*, always: bool = False, grace: timedelta = timedelta(0)) -> bool:
    """Whether to ask for a code first: on a session begun the weak way, or (`always`) on any that is old."""
    by = session.get("by", By.CODE)
    if by == By.DEMO or (by not in WEAK and not always):
        return False
    moment = session.get("proved_at") or (session.get("since") if by not in WEAK else None)
    return moment is None or clock.now() - datetime.fromisoformat(moment) > FRESH + grace


def proven(*methods: str, always: bool = False, back: str = "") -> Callable[[Callable], Callable]:
    """Guard a view: these requests are answered only after a fresh code where one is due.

    It stands below `requires`. `always` is for new ways to enter: they are asked of everybody. `back` is the
    page to come back to, where the view itself has none.
    """

    def decorate(view: Callable) -> Callable:
        @wraps(view)
        def asked(**arguments: Any):
            grace = TO_FINISH if request.method == "POST" else timedelta(0)
            if request.method in methods and must_prove(always=always, grace=grace):
                here = url_for(back) if back else request.full_path.rstrip("?")
                return redirect(url_for("accounts.prove", next=here))
            return view(**arguments)

        return asked

    return decorate

"""The first page of trainers and mentors: what waits, as one list with filters that stay."""

from flask import render_template, request, session, url_for

from lms.home import gather, words
from lms.home.today import Filters, read_filters, show
from lms.home.waiting import trainer_today
from lms.web.guard import me


def today_page():
    day, cohorts = trainer_today(me()), gather.cohorts_of(me())
    named = {cohort.id: cohort.name for cohort in cohorts}
    for one in day.standings:
        named.setdefault(one.cohort_id, one.cohort_name)
    return render_template(
        "home/trainer_today.html",
        day=day,
        shown=show(day.rows, _filters(), named),
        cohorts=cohorts,
        named=named,
        address=_address,
        kinds=words.kinds(),
        buttons=words.buttons(),
        **words.of(),
    )


def _filters() -> Filters:
    """What the address says, else what was chosen last: a person who comes back finds their list again."""
    if "kind" in request.args or "cohort" in request.args:
        session["today"] = [request.args.get("kind", ""), request.args.get("cohort", "")]
    return read_filters(*session.get("today", ("", "")))


def _address(kind: str = "", cohort: int = 0) -> str:
    return url_for("home.start", kind=kind, cohort=cohort or "")

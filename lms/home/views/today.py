"""The first page of trainers and mentors: what waits, as one list with filters that stay."""

from flask import render_template, request, session, url_for

from lms.cohorts.thresholds import Thresholds
from lms.home import gather, words
from lms.home.today import Filters, read_filters, show
from lms.home.waiting import Today, trainer_today
from lms.standing.words import thresholds_in_words
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
        limits=_limits(day),
        kinds=words.kinds(),
        buttons=words.buttons(),
        **words.of(),
    )


def _limits(day: Today) -> list[tuple[str, str]]:
    """From when on a firm needs someone, in words, with the names of the groups in which it is so."""
    names: dict[Thresholds, list[str]] = {}
    for one in day.standings:
        of_cohort = names.setdefault(one.thresholds, [])
        if one.cohort_name not in of_cohort:
            of_cohort.append(one.cohort_name)
    return [(", ".join(of), "; ".join(thresholds_in_words(limits))) for limits, of in names.items()]


def _filters() -> Filters:
    """What the address says, else what was chosen last: a person who comes back finds their list again."""
    if "kind" in request.args or "cohort" in request.args:
        session["today"] = [request.args.get("kind", ""), request.args.get("cohort", "")]
    return read_filters(*session.get("today", ("", "")))


def _address(kind: str = "", cohort: int = 0) -> str:
    return url_for("home.start", kind=kind, cohort=cohort or "")

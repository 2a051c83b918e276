"""A report document in sentences: observed changes with their numbers, what they rest on, never a cause."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from lms.foundation.i18n import gettext as _
from lms.foundation.i18n import ngettext
from lms.reports import words
from lms.reports.dose_words import dose
from lms.reports.pictures import in_order, passed, told_practices, window_words
from lms.reports.volume_words import volumes
from lms.web.templating import long_date, month_name, signed_percent

Document = Mapping[str, Any]

# Calendar months in which people buy more, and why.
SEASONS = {
    1: lambda: _("January (Three Kings)"),
    2: lambda: _("February (Valentine's Day)"),
    5: lambda: _("May (Mother's Day, Hot Sale)"),
    6: lambda: _("June (Hot Sale)"),
    7: lambda: _("July (back to school)"),
    8: lambda: _("August (back to school)"),
    11: lambda: _("November (Buen Fin)"),
    12: lambda: _("December (Christmas)"),
}


def heading(document: Document) -> list[str]:
    """What the report is about and when it was made."""
    about = document["about"]
    names = "; ".join(cohort["name"] for cohort in about["cohorts"]) or _("no cohort yet")
    lines = [_("Cohorts: %(names)s", names=names)]
    if about["sector"]:
        lines.append(_("Sector: %(name)s", name=words.sector_name(about["sector"])))
    if about["state"]:
        lines.append(_("State: %(name)s", name=words.state_name(about["state"])))
    lines.append(_("Made on %(date)s", date=long_date(date.fromisoformat(about["made_on"]))))
    return lines


def primary(document: Document) -> Mapping[str, Any]:
    return document["windows"][document["primary_window"]]


def finding(document: Document) -> str:
    """The title: what the typical firm's sales did, in the window that was named in advance."""
    change = primary(document)["program"]
    if change["median_ratio"] is None:
        return _("Too few firms have figures from before and after to speak of the group")
    said = {"count": change["flow"]["measured"], "change": signed_percent(change["median_ratio"])}
    return _("The typical change of %(count)s firms is %(change)s", **said)


def reading(document: Document) -> str:
    """How far the change may be read, in one sentence; the statistics say it with their numbers."""
    if primary(document)["difference"]:
        return _("This is an observed change; below it is compared with firms that came later.")
    return _("This is an observed change; it cannot be attributed to the course.")


def results(document: Document) -> list[str]:
    """The change of those who started, with its interval and what the missing could make of it."""
    change = primary(document)["program"]
    if change["median_ratio"] is None:
        return [_("With fewer than 5 firms no percentage is said: a single firm would change it a lot.")]
    window = window_words(document["primary_window"])
    lines = [_("%(window)s after the course, fixed in advance, of all that started.", window=window)]
    lines += _still_to_come(document)
    lines += _interval(change)
    counts = change["directions"]
    lines.append(
        _("%(rose)s sell more, %(same)s the same, %(fell)s less.", **counts)
        + (" " + _("Sign test: p %(p)s.", p=_p(change["sign_test"])) if change["sign_test"] else "")
    )
    lines.append(
        _(
            "All sales together changed by %(change)s; large firms weigh more in it.",
            change=signed_percent(change["sums"]["ratio"]),
        )
    )
    lines += _graduates(document["graduates"])
    lines += _bounds(change)
    return lines


def _still_to_come(document: Document) -> list[str]:
    told = [name for name, _window in passed(document)]
    waiting = [window_words(name) for name, _window in in_order(document) if name not in told]
    if not waiting:
        return []
    return [_("Not over yet, and so not in here: %(windows)s.", windows="; ".join(waiting))]


def _exact(ratio: float) -> str:
    """With one decimal: 1.1704 is +17.0%."""
    return f"{'+' if ratio >= 1 else '−'}{abs(ratio - 1) * 100:.1f}%"


def _interval(change: Mapping[str, Any]) -> list[str]:
    found, drawn = change["hodges_lehmann"], change["bootstrap_median"]
    if not found:
        return [_("With fewer than 10 firms no interval is given.")]
    edges = {"low": signed_percent(found["low"]), "high": signed_percent(found["high"])}
    typical = {"change": signed_percent(found["ratio"]), "level": f"{100 * found['level']:.1f}", **edges}
    test = change["signed_rank_test"]
    return [
        _(
            "Hodges-Lehmann: %(change)s, %(level)s%% interval from %(low)s to %(high)s (signed ranks, "
            "%(method)s, p %(p)s).",
            **typical,
            method=words.method_name(found["method"]),
            p=_p(test),
        ),
        _(
            "Bootstrap of the median: %(low)s to %(high)s (%(method)s, fixed seed).",
            low=signed_percent(drawn["low"]),
            high=signed_percent(drawn["high"]),
            method=words.method_name(drawn["method"]),
        ),
        _(
            "So many firms, as different as these, would have shown a change of %(change)s or more.",
            change=_exact(change["smallest_detectable_ratio"]),
        ),
    ]


def _p(test: Mapping[str, Any]) -> str:
    p = test["p_two_sided"]
    return f"= {p:.3f}" if p >= 0.001 else "< 0.001"


def _graduates(change: Mapping[str, Any]) -> list[str]:
    if change["median_ratio"] is None:
        return []
    said = {"count": change["flow"]["measured"], "change": signed_percent(change["median_ratio"])}
    return [_("Of the %(count)s graduates alone, the typical change is %(change)s.", **said)]


def _bounds(change: Mapping[str, Any]) -> list[str]:
    bounds, lines = change["bounds"], []
    if bounds["missing"]:
        said = {"same": signed_percent(bounds["if_same"]), "nothing": signed_percent(bounds["if_nothing"])}
        lines.append(
            ngettext(
                "If the missing firm had sold the same as before, the typical change would be "
                "%(same)s; if it had sold nothing, %(nothing)s.",
                "If the %(num)s missing firms had sold the same as before, the typical change would be "
                "%(same)s; if they had sold nothing, %(nothing)s.",
                bounds["missing"],
                **said,
            )
        )
    left = change["attrition"]
    if left:
        both = {
            "reported": words.big(left["median_before_reported"]),
            "silent": words.big(left["median_before_silent"]),
            "p": _p(left["mann_whitney"]),
        }
        lines.append(
            _(
                "Before the course, firms that report afterwards sold %(reported)s a month and those "
                "that do not %(silent)s (p %(p)s).",
                **both,
            )
        )
    first = change["first_sale"]
    if first["without_sales_before"]:
        counts = {"have": first["sold_after"], "need": first["without_sales_before"]}
        lines.append(
            _(
                "%(have)s of %(need)s firms without sales before sold something after; they have no "
                "percentage.",
                **counts,
            )
        )
    return lines


def comparison(document: Document) -> list[str]:
    """The raw change beside the difference; without comparison firms, what that means."""
    window = primary(document)
    other, difference = window["comparison"], window["difference"]
    if other is None:
        return [_("Observed change, not attributable to the programme: there is no comparison group.")]
    if difference is None and not other["flow"]["measured"]:
        return [
            _("Observed change, not attributable to the programme."),
            _("No comparison firm has figures of these months yet."),
        ]
    if difference is None:
        firms = {"count": other["flow"]["measured"]}
        return [
            _("Observed change, not attributable to the programme."),
            _(
                "Only %(count)s comparison firms have figures of these months; a comparison needs 10 "
                "in each group.",
                **firms,
            ),
        ]
    did, shift = difference["difference_in_differences"], difference["hodges_lehmann_shift"]
    lines = [
        _(
            "Programme firms: %(change)s. Comparison firms in the same months: %(other)s.",
            change=signed_percent(window["program"]["median_ratio"]),
            other=signed_percent(other["median_ratio"]),
        ),
        _contrast(_("Difference in differences"), did, did["clustered"]),
    ]
    if difference["ancova"]:
        lines.append(_contrast(_("ANCOVA"), difference["ancova"], difference["ancova"]["robust"]))
    lines.append(
        _(
            "Mann-Whitney: p %(p)s; shift %(change)s (%(low)s to %(high)s).",
            p=_p(difference["mann_whitney"]),
            change=signed_percent(shift["ratio"]),
            low=signed_percent(shift["low"]),
            high=signed_percent(shift["high"]),
        )
    )
    lines.append(
        _(
            "So many firms would have shown a difference of %(change)s or more.",
            change=_exact(difference["smallest_detectable_ratio"]),
        )
    )
    if did["clustered"]["p_two_sided"] >= 0.05:
        lines.append(
            _("The difference cannot be told from zero: no change is attributable to the programme.")
        )
    else:
        lines.append(_("Firms chose when to join: a difference is not yet a cause."))
    return lines


def _contrast(name: str, found: Mapping[str, Any], edges: Mapping[str, Any]) -> str:
    said = {
        "name": name,
        "change": signed_percent(found["ratio"]),
        "low": signed_percent(edges["ratio_low"]),
        "high": signed_percent(edges["ratio_high"]),
        "p": _p(edges),
        "program": found["n"][0],
        "comparison": found["n"][1],
    }
    return _(
        "%(name)s: %(change)s (%(low)s to %(high)s, p %(p)s; %(program)s and %(comparison)s firms).", **said
    )


def quality(document: Document) -> list[str]:
    """On what the numbers rest: prices, sources, who answered after the course, season."""
    return [
        *_pesos(document["real"]),
        *_sources(document["sources"]),
        *_follow_ups(document),
        *_season(document),
    ]


def _follow_ups(document: Document) -> list[str]:
    """How many graduates fell silent; reports published before there were follow-ups say nothing of it."""
    return [
        _(
            "%(months)s months after the course, %(answered)s of %(due)s graduated firms answered.",
            months=one["months_after"],
            answered=one["answered"],
            due=one["due"],
        )
        for one in document.get("follow_ups", ())
        if one["due"]
    ]


def _pesos(real: Mapping[str, Any]) -> list[str]:
    if real["change"]:
        base = month_name(date.fromisoformat(f"{real['base']}-01"))
        change = signed_percent(real["change"]["median_ratio"]) if real["change"]["median_ratio"] else "—"
        return [
            _(
                "In pesos of %(month)s (INPC) the typical change is %(change)s; the others are in "
                "pesos of each month.",
                month=base,
                change=change,
            )
        ]
    if real["missing"]:
        return [
            ngettext(
                "In pesos of each month: the price index of %(num)s month is not written down, so "
                "there are no real pesos.",
                "In pesos of each month: the price index of %(num)s months is not written down, so "
                "there are no real pesos.",
                len(real["missing"]),
            )
        ]
    return []


def _sources(found: Mapping[str, Any]) -> list[str]:
    if not found["firms"]:
        return []
    lines = [
        _(
            "%(own)s of %(total)s rest on the firm's own word, without a document of a platform or the "
            "tax office.",
            own=found["self_reported"],
            total=found["firms"],
        ),
        _(
            "Staff checked every month of %(checked)s of %(total)s.",
            checked=found["checked"],
            total=found["firms"],
        ),
    ]
    if found["changed_source"]:
        lines.append(
            ngettext(
                "In %(num)s firm the source is another one after than before, so part of its change "
                "may be only on paper.",
                "In %(num)s firms the source is another one after than before, so part of their change "
                "may be only on paper.",
                found["changed_source"],
            )
        )
    return lines


def _season(document: Document) -> list[str]:
    named = [SEASONS[month]() for month in document["months"] if month in SEASONS]
    lines = (
        [
            _(
                "The months after include %(months)s; with twelve months before, they are compared "
                "with themselves.",
                months=", ".join(named),
            )
        ]
        if named
        else []
    )
    counts = primary(document)["program"]["counts"]
    if counts["not_adjusted_for_season"]:
        lines.append(
            ngettext(
                "%(num)s firm is not adjusted.",
                "%(num)s firms are not adjusted.",
                counts["not_adjusted_for_season"],
            )
        )
    return lines


def levels(document: Document) -> list[tuple[str, str]]:
    """Kirkpatrick's four levels: what people thought, learnt, do, and what came of it."""
    learnt, practices = document["learning"], document["practices"]
    if learnt["share_before"] is None:
        knows = _("Fewer than 5 people answered the test both before and after.")
    else:
        shares = {"before": f"{learnt['share_before']:.0%}", "after": f"{learnt['share_after']:.0%}"}
        knows = _(
            "Right answers in the test: %(before)s before, %(after)s after (%(people)s people).",
            **shares,
            people=learnt["people_both"],
        )
    told = told_practices(document)
    asked = sum(one["asked"] for one in told)
    if told:
        yes = {key: f"{sum(one[key] for one in told) / asked:.0%}" for key in ("start", "end")}
        does = _(
            "Practices in use: %(start)s at the start, %(end)s at the end; firms say it themselves.", **yes
        )
    elif practices:
        does = _("Fewer than 5 firms answered the practices both at the start and at the end.")
    else:
        does = _("No firm has answered the practices both at the start and at the end.")
    return [
        (_("1. Reaction"), _("Not asked: the programme has no survey of opinion.")),
        (_("2. Learning"), knows),
        (_("3. Behaviour"), does),
        (_("4. Results"), finding(document) + "."),
    ]


def findings(document: Document) -> list[str]:
    """Everything, for a file that has no pages."""
    parts = [finding(document) + ".", *results(document), *volumes(document), *comparison(document)]
    return [
        *parts,
        *quality(document),
        *dose(document),
        *(f"{name}: {text}" for name, text in levels(document)),
    ]

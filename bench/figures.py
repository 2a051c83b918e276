"""The figures of a run: what each may be at most, and how they are told as a table or as one object."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

# CPU ms of others for the same work, over the bare application's of that day, on one machine in one run
# (see docs/performance.md). Divided by our ratio they say how many of our requests fit into one of theirs.
PEERS = {
    "lesson_vs_moodle": ("lesson_cpu_ratio", 72 / 1.14),
    "progress_vs_moodle": ("progress_cpu_ratio", 19 / 1.16),
    "progress_vs_kolibri": ("progress_cpu_ratio", 10.9 / 1.16),
    "grader_vs_moodle": ("grader_cpu_ratio", 219 / 12.0),
}


@dataclass(frozen=True)
class Bound:
    """A figure of the table: today's bound, the goal, and whether it has to stay below or above."""

    key: str
    label: str
    today: float
    goal: float | None = None
    unit: str = "x"
    at_least: bool = False

    def verdict(self, value: float | None) -> str:
        if value is None:
            return "not measured"
        return "ok" if (value >= self.today if self.at_least else value <= self.today) else "NOT YET"


BOUNDS = (
    Bound("lesson_cpu_ratio", "lesson page, CPU / bare lesson", 4, 1.5),
    Bound("mark_done_cpu_ratio", "mark lesson done, CPU / bare progress", 4, 1.6),
    Bound("quiz_answer_cpu_ratio", "quiz answer, CPU / bare progress", 4, 1.6),
    Bound("p99_ratio", "lesson page, p99 at 16 clients / bare lesson", 4, 1.6),
    Bound("grader_cpu_ratio", "grader page, CPU / bare gradebook 100x20", 2, 1),
    Bound("grid_cpu_ratio", "cohort grid of 60 firms, CPU / bare gradebook", 2, 1),
    Bound("lesson_queries", "lesson page", 8, 4, "queries"),
    Bound("home_queries", "member's home", 12, None, "queries"),
    Bound("growing_lists", "lists whose queries grow with their length", 0, 0, "lists"),
    Bound("first_view_kb", "first view of a lesson, all of it", 50, 15, "KB"),
    Bound("first_view_requests", "first view of a lesson", 8, 5, "requests"),
    Bound("publish_ratio", "publishing the courses / bare Markdown", 2, 1.3),
    Bound("start_ratio", "start / importing flask, login, sqlalchemy", 3, 1.5),
    Bound("uss_mib", "memory of the serving process (USS)", 120, 60, "MiB"),
    Bound("lesson_vs_moodle", "a Moodle page / our lesson page", 15, 40, "x", at_least=True),
    Bound("progress_vs_moodle", "Moodle's mark complete / our writes", 5, 12, "x", at_least=True),
    Bound("progress_vs_kolibri", "Kolibri's record progress / our writes", 3, 6, "x", at_least=True),
    Bound("grader_vs_moodle", "Moodle's grader / our grader page", 5, 15, "x", at_least=True),
)


def add_derived(figures: dict[str, Any]) -> None:
    """The figures that follow from others."""
    writes = [figures.get("mark_done_cpu_ratio"), figures.get("quiz_answer_cpu_ratio")]
    figures["progress_cpu_ratio"] = None if None in writes else max(writes)
    for key, (own, theirs) in PEERS.items():
        figures[key] = round(theirs / figures[own], 1) if figures.get(own) else None


def table(figures: dict[str, Any], say: Callable[[str], None]) -> None:
    """Every figure beside its bound, then the samples behind them, in words of a terminal."""
    say(f"{'figure':<50}{'measured':>14}  {'bound':>7} {'goal':>6}")
    for bound in BOUNDS:
        value = figures.get(bound.key)
        shown = "-" if value is None else f"{value:g} {bound.unit}"
        sign = ">=" if bound.at_least else "<="
        goal = "" if bound.goal is None else f"{bound.goal:g}"
        say(f"{bound.label:<50}{shown:>14}  {sign}{bound.today:>5g} {goal:>6}  {bound.verdict(value)}")
    say("")
    head = ("median", "min", "max", "n", "ratio", "min", "max")
    say(f"{'CPU ms per request':<28}" + "".join(f"{word:>8}" for word in head))
    for name, row in figures["details"]["cpu_ms"].items():
        ratio = row.get("ratio")
        ratios = f"{ratio['median']:>8.2f}{ratio['min']:>8.2f}{ratio['max']:>8.2f}" if ratio else ""
        mark = "" if ratio is None or ratio["clean"] else "  disturbed"
        say(f"{name:<28}{row['median']:>8.2f}{row['min']:>8.2f}{row['max']:>8.2f}{row['n']:>8}{ratios}{mark}")
    _say_the_rest(figures, say)


def _say_the_rest(figures: dict[str, Any], say: Callable[[str], None]) -> None:
    details = figures["details"]
    say("")
    for name, row in details["waiting_ms"].items():
        say(f"{name}: p50 {row['p50']:.1f} ms, p99 {row['p99']:.1f} ms at {row['clients']} clients")
    say("queries: " + ", ".join(f"{name} {count}" for name, count in details["queries"].items()))
    for name, reason in details["not_measured"].items():
        say(f"not measured: {name}: {reason}")
    say(
        f"{figures['n']} rounds; {figures['discarded']} samples discarded because others used more than "
        f"a quarter of the core (typically {details['others_median']:.0%}); {details['seconds']:.0f} s"
    )

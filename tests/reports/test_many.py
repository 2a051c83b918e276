"""Very many firms: the same answer in turn, from arrays and in bounded memory, and what it refuses."""

import json
import subprocess
import sys

import numpy as np
import pytest

from lms.reports import many
from lms.reports.statistics import event_study
from tests.reports.test_evaluate import (
    HEADER,
    answer,  # noqa: F401 (a fixture)
    evaluate,  # noqa: F401 (a fixture)
    firm,
    trap,
)


def differing(first, second, path=""):
    """Where two answers differ by more than the last digits of floating numbers."""
    if isinstance(first, dict) and isinstance(second, dict) and first.keys() == second.keys():
        return [one for key in first for one in differing(first[key], second[key], f"{path}.{key}")]
    if isinstance(first, list) and isinstance(second, list) and len(first) == len(second):
        pairs = zip(first, second, strict=True)
        return [one for at, (a, b) in enumerate(pairs) for one in differing(a, b, f"{path}.{at}")]
    if isinstance(first, float) and isinstance(second, float):
        return [] if second == pytest.approx(first, rel=1e-9, abs=1e-12) else [(path, first, second)]
    return [] if first == second else [(path, first, second)]


def mixed():
    """Growing firms, and every kind of firm that is counted apart."""
    lines = trap(firms=25)
    for number in range(12):
        lines += firm(f"Cero {number}", 0, number % 2 * 50) + firm(f"Paró {number}", 100 + number, 0)
        lines += firm(f"Calla {number}", 90 + number, None) + firm(f"Nueva {number}", None, 80)
        lines += firm(f"Igual {number}", 100, 100, "comparison")
        lines += firm(f"Luego {number}", 100, 140 + number, "comparison", start="2025-11")
    # A column that only some lines have is a column of all.
    return ["firm,month,pesos,group,start", *(f"{one}," if one.count(",") == 3 else one for one in lines[1:])]


@pytest.mark.parametrize("lines", [mixed(), trap(firms=3), [HEADER, *firm("Una", 10, 12)]])
def test_firms_in_turn_give_the_same_answer(answer, lines):  # noqa: F811
    assert differing(answer(lines), answer(lines, "--in-turn")) == []


def test_so_they_do_where_months_are_read_in_parts(answer, monkeypatch):  # noqa: F811
    whole = answer(mixed())
    monkeypatch.setattr(many, "AT_ONCE", 7)
    monkeypatch.setattr(event_study, "AT_ONCE", 11)
    found = answer(mixed(), "--in-turn")
    assert whole["event_study"]["months"] and differing(whole, found) == []


def test_progress_is_told_beside_the_answer(evaluate):  # noqa: F811
    result = evaluate(trap(firms=12), "--in-turn", "--json")
    assert json.loads(result.stdout)["has_comparison"]
    assert "24 firms" in result.stderr and "computing +1..+3" in result.stderr


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (
            [HEADER, *firm("A", 1, 2), *firm("B", 1, 2), "A,2020-01,5,program"],
            "línea 50: la empresa ya había",
        ),
        (["firm,month,pesos,group,start", *firm("A", 1, 2, start="2025-03")], "A tiene su propio inicio"),
        ([HEADER, *firm("A", 1, 2, "comparison")], "no hay ninguna empresa"),
        ([HEADER], "no hay ninguna empresa"),
        ([HEADER, "A,2024-01,doce,program"], "línea 2, columna pesos"),
    ],
)
def test_what_is_not_right_is_named(evaluate, lines, said):  # noqa: F811
    result = evaluate(lines, "--in-turn")
    assert result.exit_code == 2 and said in result.stderr, result.stderr


MEASURE = """
import resource, sys
from pathlib import Path
from lms.reports.evaluation import Course
from lms.reports.figures_file import FiguresInTurn, parse_month
from lms.reports.many import evaluate_many

found = evaluate_many(FiguresInTurn(Path(sys.argv[1])), Course(start=parse_month("2025-01")))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, found.primary.program.flow.firms)
"""


def test_ten_times_the_firms_take_hardly_more_memory(tmp_path):
    """What stays of a firm are some bytes: a thousand firms more are less than two megabytes more."""
    rng = np.random.default_rng(5)
    used = {}
    for count in (200, 4000):
        path = tmp_path / f"{count}.csv"
        with path.open("w") as stream:
            stream.write(f"{HEADER}\n")
            for number in range(count):
                group = ("program", "comparison")[number % 2]
                stream.writelines(
                    f"F{number},{line.split(',', 1)[1]}\n"
                    for line in firm("F", 100 + number, round(float(rng.lognormal(5, 1)), 2), group)
                )
        said = subprocess.run(
            [sys.executable, "-c", MEASURE, str(path)], capture_output=True, text=True, check=True
        )
        used[count] = [int(word) for word in said.stdout.split()]
        assert used[count][1] == count / 2
    assert used[4000][0] - used[200][0] < 40

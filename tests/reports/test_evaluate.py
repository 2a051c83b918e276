"""flask results evaluate: the answer for anybody's figures, and what it refuses to read."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
import scipy.stats
import statsmodels.api as sm

from lms.sales import months
from lms.sales.months import parse_month, write_month

DOCS = Path(__file__).parents[2] / "docs" / "evaluate.md"
START = parse_month("2025-01")
BEFORE = months.months_before(START, 12)
AFTER = months.months_between(parse_month("2025-05"), parse_month("2026-04"))
HEADER = "firm,month,pesos,group"


@pytest.fixture
def evaluate(app, tmp_path):
    """Run the command on lines of a file; the answer as the runner gives it."""

    def run(lines, *arguments, start="2025-01"):
        path = tmp_path / "figures.csv"
        content = lines if isinstance(lines, bytes) else "\n".join(lines).encode()
        path.write_bytes(content)
        return app.test_cli_runner().invoke(
            args=["results", "evaluate", str(path), "--start", start, *arguments]
        )

    return run


@pytest.fixture
def answer(evaluate):
    def run(lines, *arguments, **more):
        result = evaluate(lines, "--json", *arguments, **more)
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)

    return run


def firm(name, before, after, group="program", **more):
    """A firm that sold the same every month before and another amount every month after."""
    start, channel = more.get("start", ""), more.get("channel", "")
    rows = [(month, before) for month in BEFORE] + [(month, after) for month in AFTER]
    ends = "".join(f",{cell}" for cell in (start, channel) if cell)
    return [
        f"{name},{write_month(month)},{'' if sold is None else sold},{group}{ends}" for month, sold in rows
    ]


def noisy(name, group, rng, growth):
    """A firm with a season, its own size and a year of growth."""
    size = float(rng.lognormal(10, 1))
    lines = []
    for at, month in enumerate([*BEFORE, *months.months_between(START, AFTER[-1])]):
        season = 1 + 0.5 * np.sin(month.month)
        sold = size * season * float(rng.lognormal(0, 0.15)) * growth ** (at / 12)
        lines.append(f"{name},{write_month(month)},{sold:.2f},{group}")
    return lines


def trap(seed=7, firms=45):
    """Everybody grows by a fifth a year, with the programme or without it."""
    rng = np.random.default_rng(seed)
    lines = [HEADER]
    for number in range(firms):
        lines += noisy(f"P{number}", "program", rng, 1.2) + noisy(f"C{number}", "comparison", rng, 1.2)
    return lines


def by_firm(lines, last=3):
    """The logarithms of before and after, worked out apart from the product: same months a year before."""
    sold = {}
    for line in lines[1:]:
        name, month, pesos, group = line.split(",")
        sold.setdefault((group, name), {})[parse_month(month)] = float(pesos)
    pairs = {"program": [], "comparison": []}
    for (group, _name), by_month in sold.items():
        after = [by_month[month] for month in AFTER[:last]]
        before = [by_month[months.shift(month, -12)] for month in AFTER[:last]]
        pairs[group].append((np.log(np.mean(before)), np.log(np.mean(after))))
    return {group: np.array(found) for group, found in pairs.items()}


def test_a_rise_that_everybody_had_is_shown_beside_the_difference_and_attributed_to_nobody(answer, evaluate):
    lines = trap()
    found = answer(lines)
    window = found["windows"][found["primary_window"]]
    assert window["program"]["median_ratio"] > 1.1
    assert window["program"]["signed_rank_test"]["p_two_sided"] < 1e-6
    assert window["comparison"]["median_ratio"] > 1.1
    assert abs(window["difference"]["difference_in_differences"]["coefficient"]) < 0.05
    assert window["difference"]["difference_in_differences"]["clustered"]["p_two_sided"] > 0.05
    said = evaluate(lines).output
    assert "Cambio observado de la empresa típica del programa: +" in said
    assert "De la empresa típica de comparación: +" in said
    assert "no se distingue de cero, y ningún cambio es atribuible al programa" in said


def test_the_numbers_are_those_worked_out_apart(answer):
    lines = trap(seed=11)
    for last in (3, 6):
        pairs = by_firm(lines, last)
        window = answer(lines)["windows"][f"+1..+{last}"]
        changes = {group: np.round(rows[:, 1] - rows[:, 0], 12) for group, rows in pairs.items()}
        for group in ("program", "comparison"):
            change, found = changes[group], window[group]
            assert found["median_ratio"] == pytest.approx(float(np.median(np.exp(change))))
            means = [(a + b) / 2 for at, a in enumerate(change) for b in change[at:]]
            assert found["hodges_lehmann"]["ratio"] == pytest.approx(np.exp(np.median(means)))
            oracle = scipy.stats.wilcoxon(change, method="exact")
            assert found["signed_rank_test"]["p_two_sided"] == pytest.approx(oracle.pvalue)
            oracle = scipy.stats.ttest_1samp(change, 0)
            assert found["mean_log_change"]["t"] == pytest.approx(oracle.statistic)
            oracle = scipy.stats.binomtest(int((change > 0).sum()), len(change)).pvalue
            assert found["sign_test"]["p_two_sided"] == pytest.approx(oracle)
        program, comparison = pairs["program"], pairs["comparison"]
        both = np.concatenate([program, comparison])
        group = np.repeat([1.0, 0.0], [len(program), len(comparison)])
        panel = np.column_stack(
            [np.ones(2 * len(group)), np.tile(group, 2), np.repeat([0.0, 1.0], len(group))]
        )
        panel = np.column_stack([panel, panel[:, 1] * panel[:, 2]])
        oracle = sm.OLS(np.concatenate([both[:, 0], both[:, 1]]), panel).fit(
            cov_type="cluster", cov_kwds={"groups": np.tile(np.arange(len(group)), 2)}, use_t=True
        )
        did = window["difference"]["difference_in_differences"]
        assert did["coefficient"] == pytest.approx(oracle.params[3])
        assert did["clustered"]["error"] == pytest.approx(oracle.bse[3])
        assert did["clustered"]["p_two_sided"] == pytest.approx(oracle.pvalues[3])
        columns = np.column_stack([np.ones(len(group)), both[:, 0], group])
        oracle = sm.OLS(both[:, 1], columns).fit(cov_type="HC2", use_t=True)
        ancova = window["difference"]["ancova"]
        assert (ancova["coefficient"], ancova["robust"]["error"]) == pytest.approx(
            (oracle.params[2], oracle.bse[2])
        )
        oracle = scipy.stats.mannwhitneyu(changes["program"], changes["comparison"], method="exact")
        assert window["difference"]["mann_whitney"]["u"] == oracle.statistic
        assert window["difference"]["mann_whitney"]["p_two_sided"] == pytest.approx(oracle.pvalue)
        differences = np.subtract.outer(changes["program"], changes["comparison"])
        shift = window["difference"]["hodges_lehmann_shift"]["ratio"]
        assert shift == pytest.approx(np.exp(np.median(differences)))


def test_without_comparison_it_is_an_observed_change(answer, evaluate):
    lines = [HEADER] + [line for at in range(12) for line in firm(f"F{at}", 100, 110 + at)]
    found = answer(lines)
    assert not found["has_comparison"] and found["event_study"] is None
    assert found["windows"]["+1..+3"]["difference"] is None
    assert (
        "Cambio observado, no atribuible al programa: no hay grupo de comparación." in evaluate(lines).output
    )
    english = evaluate(lines, "--language", "en").output
    assert "Observed change, not attributable to the programme" in english


def test_below_five_nothing_is_said_and_below_ten_no_interval(answer, evaluate):
    lines = [HEADER] + [line for at in range(4) for line in firm(f"F{at}", 100, 110 + at)]
    assert "Menos de 5 empresas" in evaluate(lines).output
    four = answer(lines)["windows"]["+1..+3"]["program"]
    assert four["median_ratio"] is four["directions"] is four["hodges_lehmann"] is None
    for at in range(4, 9):
        lines += firm(f"F{at}", 100, 110 + at)
    nine = answer(lines)["windows"]["+1..+3"]["program"]
    assert nine["median_ratio"] == 1.14 and nine["directions"] == {"rose": 9, "same": 0, "fell": 0}
    assert nine["hodges_lehmann"] is nine["bootstrap_median"] is nine["sign_test"] is None


def test_zeros_are_counted_and_never_given_a_ratio(answer):
    lines = [HEADER] + [line for at in range(12) for line in firm(f"F{at}", 100, 110 + at)]
    lines += firm("Began", 0, 50) + firm("Waits", 0, 0) + firm("Stopped", 100, 0)
    found = answer(lines)["windows"]["+1..+3"]["program"]
    assert found["first_sale"] == {"without_sales_before": 2, "sold_after": 1, "rate": 0.5}
    assert found["flow"]["measured"] == 13
    assert found["sign_test"]["below"] == 1
    assert found["mean_log_change"]["stopped_left_out"] == 1
    total = (sum(range(110, 122)) + 50) / (13 * 100)
    assert found["level_ratio"]["ratio"] == pytest.approx(total)


def test_what_a_later_cohort_sells_in_its_own_course_drops_out(answer):
    lines = [HEADER + ",start"]
    for at in range(12):
        lines += [
            line + ("" if "start" in line else "2025-01") for line in firm(f"P{at}", 100, 120 + at, start=" ")
        ]
        for line in firm(f"C{at}", 100, 105 + at, "comparison", start="2025-07"):
            month = line.split(",")[1]
            # Its own course multiplies everything by ten; that must not be seen.
            lines.append(line.replace(f",{105 + at},", f",{1050},") if month >= "2025-07" else line)
    found = answer(lines)["windows"]
    assert found["+1..+3"]["comparison"]["median_ratio"] == pytest.approx(1.105)
    assert found["+1..+12"]["comparison"]["median_ratio"] == pytest.approx(1.105)
    assert found["+1..+3"]["comparison"]["counts"]["all_months_after"] == 0


def test_firms_that_started_in_other_months_are_compared_in_their_own(answer):
    lines = [HEADER + ",start"]
    rng = np.random.default_rng(2)
    for at in range(15):
        for group, start in (("program", "2025-01"), ("program", "2025-02"), ("comparison", "")):
            lines += [f"{line},{start}" for line in noisy(f"{group}{start}{at}", group, rng, 1.1)]
    found = answer(lines)
    assert (found["starts"], found["main_start"]) == (2, "2025-01")
    difference = found["windows"]["+1..+3"]["difference"]
    assert difference["blocks"] == 2
    assert difference["difference_in_differences"]["n"] == [30, 15]
    assert difference["mann_whitney"]["n"] == [15, 15]


def test_channels_are_added_up_and_an_unknown_one_makes_the_month_unknown(answer):
    lines = [HEADER + ",channel"]
    for at in range(5):
        lines += firm(f"F{at}", 60, 100, channel="shop") + firm(f"F{at}", 40, 50, channel="counter")
    found = answer(lines)["windows"]["+1..+3"]["program"]
    assert found["median_ratio"] == 1.5 and found["sums"]["before"] == 500
    lines += firm("Half", 60, 100, channel="shop") + firm("Half", 40, None, channel="counter")
    found = answer(lines)["windows"]["+1..+3"]["program"]
    assert (found["flow"]["measured"], found["counts"]["no_after"]) == (5, 1)


def test_without_twelve_months_before_their_mean_is_used_and_it_is_said(answer):
    lines = [HEADER]
    for at in range(5):
        lines += firm(f"F{at}", 100, 130)[6:]
    found = answer(lines)["windows"]["+1..+3"]["program"]
    assert found["median_ratio"] == 1.3
    assert (found["counts"]["not_adjusted_for_season"], found["flow"]["with_full_baseline"]) == (5, 0)
    assert answer(lines, "--fewest-before", "7")["windows"]["+1..+3"]["program"]["flow"]["measured"] == 0


def test_old_data_by_the_year_with_a_programme_of_a_year(answer):
    lines = [HEADER]
    for at in range(5):
        lines += [f"F{at},1987-01,100,program", f"F{at},1988-01,,program", f"F{at},1989-01,1.2e2,program"]
    found = answer(lines, "--programme-months", "12", start="1988-01")
    assert found["windows"]["+1..+3"]["program"]["median_ratio"] == 1.2


GOOD = firm("A", 100, 120)


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["firm,month,pesos", "A,2025-01,1"], "línea 1: faltan estas columnas: group"),
        ([HEADER + ",month", "A,2025-01,1,program,x"], "línea 1: estas columnas están dos veces: month"),
        ([HEADER, *GOOD, "A,2025-13,1,program"], "línea 26, columna month: “2025-13” no es un mes"),
        ([HEADER, "A,enero,1,program"], "línea 2, columna month: “enero” no es un mes"),
        ([HEADER, "A,2025-01,-5,program"], "línea 2, columna pesos: “-5” no es una cantidad"),
        ([HEADER, 'A,2025-01,"1,200",program'], "línea 2, columna pesos: “1,200” no es una cantidad"),
        ([HEADER, "A,2025-01,=1+1,program"], "línea 2, columna pesos: “=1+1” no es una cantidad"),
        ([HEADER, "A,2025-01,nan,program"], "línea 2, columna pesos"),
        ([HEADER, "A,2025-01,1,programa"], "línea 2, columna group: “programa” no es program ni comparison"),
        ([HEADER, ",2025-01,1,program"], "línea 2, columna firm: la empresa no tiene un nombre"),
        ([HEADER, "A,2025-01,1"], "línea 2: 3 celdas donde el encabezado tiene 4"),
        ([HEADER, "A,2025-01,1,program", "A,2025-01,2,program"], "línea 3, columna month"),
        ([HEADER, "A,2025-01,1,program", "A,2025-02,2,comparison"], "línea 3, columna group"),
        ([HEADER + ",start", "A,2025-01,1,program,x"], "línea 2, columna start: “x” no es un mes"),
        (
            [HEADER + ",start", "A,2025-01,1,program,2025-01", "A,2025-02,1,program,"],
            "línea 3, columna start",
        ),
        ([HEADER + ",channel", "A,2025-01,1,program,x", "A,2025-01,1,program,x"], "del mismo canal"),
        ([HEADER + ",channel", "A,2025-01,1,program,x", " A,2025-01 ,1,program, x "], "del mismo canal"),
        (
            [HEADER, "A,2025-01,1,program", "B,2025-01,1,program", "A,2025-01,2,program"],
            "línea 4, columna mo",
        ),
        ([HEADER, "A,2025-01,1,program", " , , , ", "B,2025-01,x,program"], "línea 4, columna pesos"),
        ([HEADER, "A,2025-01,1,comparison"], "no hay ninguna empresa del grupo “program”"),
        ([HEADER, 'A,2025-01,"1,program'], "no es una línea de CSV"),
        ([], "faltan estas columnas: firm, month, pesos, group"),
        (b"\xff\xfe\x00", "no es texto UTF-8"),
        (b"firm,month,pesos,group\nA\x00,2025-01,1,program\n", "línea 2, columna firm"),
    ],
)
def test_a_slip_ends_with_two_and_is_named_where_it_is(evaluate, lines, said):
    result = evaluate(lines)
    assert result.exit_code == 2
    assert said in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize("start", ["2025", "2025-13", "enero"])
def test_a_start_that_is_no_month_is_refused(evaluate, start):
    result = evaluate([HEADER, *GOOD], start=start)
    assert result.exit_code == 2 and "is not a month" in result.stderr


def test_other_columns_separators_and_a_byte_order_mark_are_fine(evaluate):
    lines = ["\ufefffirm;month;pesos;group;city"] + [f"{line.replace(',', ';')};Puebla" for line in GOOD]
    result = evaluate(lines, "--json")
    assert result.exit_code == 0 and "Columnas que no se usan: city" in result.stderr
    assert json.loads(result.stdout)["file"]["columns_left_aside"] == ["city"]


def test_the_order_of_the_rows_spaces_and_empty_lines_change_nothing(answer):
    lines = trap(firms=12)
    head, rows = lines[0], lines[1:]
    spaced = [row.replace(",", " , ") for row in np.random.default_rng(1).permutation(rows)]
    found = answer([head, "", *spaced[:50], " , ,,", *spaced[50:], ""])
    expected = answer(lines)
    assert found["file"] == expected["file"]
    assert found["windows"]["+1..+3"]["program"]["flow"] == expected["windows"]["+1..+3"]["program"]["flow"]
    for group in ("program", "comparison"):
        one, other = (data["windows"]["+1..+3"][group] for data in (found, expected))
        assert one["median_ratio"] == other["median_ratio"]
        assert one["sums"]["after"] == other["sums"]["after"]


def keys_of(thing):
    if isinstance(thing, dict):
        return set(thing).union(*(keys_of(value) for value in thing.values()))
    if isinstance(thing, list):
        return set().union(*map(keys_of, thing))
    return set()


def test_every_key_of_the_answer_is_explained(answer):
    explained = set(re.findall(r"`([\w.+]+)`", DOCS.read_text(encoding="utf-8")))
    found = answer(trap(firms=12))
    assert {key for key in keys_of(found) if not key.startswith("+1")} - explained == set()


def test_no_number_is_one_that_json_has_no_word_for(evaluate):
    lines = [HEADER] + [line for at in range(12) for line in firm(f"F{at}", 100, 0 if at < 2 else 110)]

    def refuse(word):
        raise AssertionError(word)

    json.loads(evaluate(lines, "--json").stdout, parse_constant=refuse)

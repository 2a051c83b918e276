"""The rules as numbers: what is asked, what is there, and what never counts."""

from dataclasses import dataclass, fields

import pytest

from lms.cohorts.rules import GraduationRules
from lms.graduation import criteria, words
from lms.graduation.criteria import Criterion, all_met, evaluate


@dataclass
class Numbers:
    milestones: frozenset = frozenset({"M0", "M1", "M2"})
    briefs_accepted: int = 13
    briefs_required: int = 16
    attended: int = 12
    counted_sessions: int = 16
    own_figure_months: int = 1
    final_quiz_passed: bool = True
    final_quiz_excused: bool = False


def by_key(rules=None, **numbers):
    return {one.key: one for one in evaluate(rules or GraduationRules(), Numbers(**numbers))}


def test_a_firm_at_the_edge_of_every_rule_meets_them_all():
    found = by_key()
    assert list(found) == ["M0", "M1", "M2", "accepted", "attendance", "own_figures", "final_quiz"]
    assert all_met(found.values())
    assert found["accepted"] == Criterion("accepted", True, 13, 13)


@pytest.mark.parametrize(
    ("short", "key", "have", "need"),
    [
        ({"milestones": frozenset({"M0", "M2"})}, "M1", 0, 1),
        ({"briefs_accepted": 12}, "accepted", 12, 13),
        ({"attended": 11}, "attendance", 11, 12),
        ({"own_figure_months": 0}, "own_figures", 0, 1),
        ({"final_quiz_passed": False}, "final_quiz", 0, 1),
    ],
)
def test_one_step_short_of_a_rule_misses_that_rule_alone(short, key, have, need):
    found = by_key(**short)
    assert [one.key for one in found.values() if not one.met] == [key]
    assert found[key] == Criterion(key, False, have, need)


def test_without_any_session_attendance_is_not_met_unless_no_rule_asks_for_it():
    assert by_key(attended=0, counted_sessions=0)["attendance"] == Criterion("attendance", False, 0, 1)
    without = by_key(GraduationRules(attendance_percent=0), attended=0, counted_sessions=0)
    assert "attendance" not in without and all_met(without.values())


def test_rules_set_to_nothing_ask_for_nothing():
    rules = GraduationRules(
        milestones=(), accepted_percent=0, attendance_percent=0, own_figures=0, final_quiz=False
    )
    assert evaluate(rules, Numbers()) == []


def test_no_rule_looks_at_how_much_a_firm_sells():
    asked = {name for name in dir(criteria.Numbers) if not name.startswith("_")}
    assert asked == {field.name for field in fields(Numbers)}


def test_results_are_kept_and_read_back():
    assert Criterion.from_json(Criterion("M1", False, 0, 1).to_json()) == Criterion("M1", False, 0, 1)


def test_what_is_missing_is_said_in_words(house):
    titles = {"M1": "Cuenta verificada"}
    with house.test_request_context():
        found = by_key(briefs_accepted=11, milestones=frozenset(), attended=11)
        assert words.missing(found["M1"], titles) == "Cuenta verificada"
        assert words.missing(found["accepted"], titles) == "2 tareas aprobadas más"
        assert words.missing(found["attendance"], titles) == "1 sesión más"
        assert words.missing(found["final_quiz"], titles) == ""
        assert words.progress(found["accepted"]) == "11 de 13"
        assert words.progress(found["M1"]) == "Falta"

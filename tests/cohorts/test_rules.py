"""Graduation rules: what they may be, and how they are kept."""

import pytest

from lms.cohorts.rules import GraduationRules
from lms.foundation.errors import Refused


def test_rules_are_kept_and_read_again(app):
    rules = GraduationRules(milestones=("M0", "M3"), accepted_percent=70, final_quiz=False)
    assert GraduationRules.from_json(rules.to_json()) == rules


def test_what_is_not_said_is_the_default(app):
    assert GraduationRules.from_json({}) == GraduationRules.from_json(None) == GraduationRules()
    assert GraduationRules.from_json({"growth": 30}) == GraduationRules()


@pytest.mark.parametrize(
    "wrong",
    [
        {"milestones": ("M9",)}, {"milestones": ("M0", "M0")}, {"accepted_percent": 101},
        {"attendance_percent": -1},
        {"accepted_percent": True}, {"own_figures": 13}, {"own_figures": 1.5}, {"final_quiz": "no"},
    ],
)  # fmt: skip
def test_impossible_rules_are_refused(app, wrong):
    with pytest.raises(Refused):
        GraduationRules(**wrong)

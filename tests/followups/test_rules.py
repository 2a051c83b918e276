"""When firms are asked again after the course."""

from datetime import date, timedelta

from lms.followups.rules import State, letter_is_due, state_on, windows

END = date(2026, 12, 1)
OPENS = date(2027, 4, 2)


def test_three_follow_ups_ask_for_every_month_of_the_year_once():
    found = windows(END)
    assert [one.months_after for one in found] == [3, 6, 12]
    assert [(one.first, one.last) for one in found] == [
        (date(2027, 1, 1), date(2027, 3, 1)),
        (date(2027, 4, 1), date(2027, 6, 1)),
        (date(2027, 7, 1), date(2027, 12, 1)),
    ]
    assert found[0].opens_on == OPENS, "when the last month is over"
    assert (found[0].closes_on - found[0].opens_on).days == 60


def test_it_waits_is_open_and_is_missed():
    closes = OPENS + timedelta(days=60)

    def state(day, answered=False):
        return state_on(day, OPENS, closes, answered=answered)

    assert state(OPENS - timedelta(days=1)) is State.WAITING
    assert state(OPENS) is State.OPEN
    assert state(closes) is State.OPEN
    assert state(closes + timedelta(days=1)) is State.MISSED
    assert state(closes + timedelta(days=1), answered=True) is State.ANSWERED


def test_three_letters_go_out_and_not_all_at_once():
    assert not letter_is_due(OPENS - timedelta(days=1), OPENS, [])
    assert letter_is_due(OPENS, OPENS, [])
    assert not letter_is_due(OPENS + timedelta(days=6), OPENS, [OPENS])
    assert letter_is_due(OPENS + timedelta(days=7), OPENS, [OPENS])
    late = OPENS + timedelta(days=40)
    assert letter_is_due(late, OPENS, [])
    assert not letter_is_due(late + timedelta(days=1), OPENS, [late]), "counted from the first that went out"
    three = [OPENS, OPENS + timedelta(days=7), OPENS + timedelta(days=21)]
    assert not letter_is_due(OPENS + timedelta(days=50), OPENS, three)

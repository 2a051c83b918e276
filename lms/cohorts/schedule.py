"""The weeks of a cohort as a firm lives them: which week it is, when a week is due, when the course ends.

A cohort starts on a Monday; week 1 is its first seven days, and week 0 everything before. Every date of a
firm moves by the days it was paused. Days are calendar days in the cohort's time zone: callers pass `today`.
"""

from datetime import date, timedelta

DAYS = 7


def is_monday(day: date) -> bool:
    return day.weekday() == 0


def total_paused_days(paused_days: int, paused_on: date | None, today: date) -> int:
    """The days of all pauses, with those of the pause that is still running."""
    running = max((today - paused_on).days, 0) if paused_on else 0
    return paused_days + running


def week_of(starts_on: date, today: date, paused_days: int = 0) -> int:
    """The week a firm is in: 0 before the start, then from 1 on; it goes on counting after the last."""
    days = (today - starts_on).days - paused_days
    # Who pauses in the first week is still in week 1, not back before the start.
    return max(days, 0) // DAYS + 1 if today >= starts_on else 0


def due_on(starts_on: date, week: int, paused_days: int = 0) -> date:
    """The last day for the work of a week: its Sunday, moved by the pauses."""
    return starts_on + timedelta(days=DAYS * week - 1 + paused_days)


def opens_on(starts_on: date, week: int, paused_days: int = 0) -> date:
    """The first day of a week: its Monday, moved by the pauses. Week 0 is open at all times."""
    return starts_on + timedelta(days=DAYS * (max(week, 1) - 1) + (paused_days if week > 1 else 0))


def ends_on(starts_on: date, weeks: int, paused_days: int = 0) -> date:
    """The last day of the course."""
    return due_on(starts_on, weeks, paused_days)


def programme_months(starts_on: date, weeks: int, paused_days: int = 0) -> tuple[date, ...]:
    """The calendar months the course touches, each as its first day."""
    month, last = starts_on.replace(day=1), ends_on(starts_on, weeks, paused_days)
    months = []
    while month <= last:
        months.append(month)
        month = (month + timedelta(days=31)).replace(day=1)
    return tuple(months)

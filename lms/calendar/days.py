"""Weeks and months as a calendar shows them: weeks begin on Monday. Pure."""

from datetime import date, timedelta

LIST_DAYS = 60


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def month_of(day: date) -> date:
    return day.replace(day=1)


def next_month(day: date) -> date:
    return (month_of(day) + timedelta(days=32)).replace(day=1)


def last_month(day: date) -> date:
    return month_of(month_of(day) - timedelta(days=1))


def weeks_of_month(day: date) -> list[list[date]]:
    """The whole weeks that a month touches."""
    start, end = monday_of(month_of(day)), next_month(day)
    weeks = []
    while start < end:
        weeks.append([start + timedelta(days=n) for n in range(7)])
        start += timedelta(days=7)
    return weeks


def span(view: str, day: date) -> tuple[date, date]:
    """The first and the last day that a view of this kind shows."""
    if view == "month":
        weeks = weeks_of_month(day)
        return weeks[0][0], weeks[-1][-1]
    if view == "week":
        return monday_of(day), monday_of(day) + timedelta(days=6)
    return day, day + timedelta(days=LIST_DAYS)


def steps(view: str, day: date) -> tuple[date, date]:
    """Where one goes from here: earlier and later."""
    if view == "month":
        return last_month(day), next_month(day)
    width = timedelta(days=7 if view == "week" else LIST_DAYS)
    return day - width, day + width

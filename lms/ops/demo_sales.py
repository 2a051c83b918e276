"""What an invented firm sold: seasons, rises and falls, months it does not know, and a baseline."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from lms.foundation.clock import today
from lms.ops.demo_work import moment_in_week
from lms.sales.models import Baseline, Channel, Figure, MilestoneReached, Tier

# December and the sales days of May and November sell more than January; invented, only plausible.
SEASON = {
    1: 0.78,
    2: 0.85,
    3: 0.93,
    4: 0.98,
    5: 1.12,
    6: 1.0,
    7: 1.0,
    8: 1.08,
    9: 0.95,
    10: 0.98,
    11: 1.15,
    12: 1.32,
}
TYPICAL = {"fashion": 52_000, "footwear": 78_000, "furniture": 96_000}
ONLINE = (Channel.MERCADO_LIBRE, Channel.AMAZON, Channel.SOCIAL)


def months_back(month: date, count: int) -> date:
    """The first day of the month `count` months before (negative: after)."""
    position = month.year * 12 + month.month - 1 - count
    return date(position // 12, position % 12 + 1, 1)


def add_sales(world: Any, case: Any) -> None:
    """Up to twelve months of baseline and every month since, as far as the firm is one that answers."""
    chance = world.chance
    start = case.starts_on.replace(day=1)
    this_month = today().replace(day=1)
    level = TYPICAL[case.plan.sector] * min(4.0, max(0.2, chance.lognormvariate(0, 0.6)))
    # About three in ten end below where they began: a programme that shows only rises is not believed.
    growth = chance.gauss(1.22, 0.36)
    known_from = 12 if case.diligence > 0.95 or chance.random() < 0.72 else chance.choice((6, 4, 0))
    online = chance.choice(ONLINE)
    total: dict[date, Decimal | None] = {}
    for back in range(known_from, -30, -1):
        month = months_back(start, back)
        if month >= this_month or not _answers(chance, case, back):
            continue
        lift = 1.0 if back > 0 else growth if back < -4 else 1 + (growth - 1) * -back / 5
        amount = level * SEASON[month.month] * lift * chance.uniform(0.86, 1.14)
        total[month] = _month(world, case, month, amount, online, is_baseline=back > 0)
    _freeze(world, case, start, total)
    _milestones(world, case, total)


def _answers(chance: Any, case: Any, back: int) -> bool:
    if back > 0:
        return True
    if back < -6:
        return case.is_at_work and chance.random() < 0.75 * case.diligence
    return chance.random() < 0.2 + 0.85 * case.diligence


def _month(
    world: Any, case: Any, month: date, amount: float, online: Channel, *, is_baseline: bool
) -> Decimal | None:
    chance = world.chance
    if is_baseline and chance.random() < 0.04:
        _figure(world, case, month, Channel.COUNTER, None, is_baseline=is_baseline)
        return None
    share = chance.uniform(0.05, 0.35) if is_baseline else chance.uniform(0.15, 0.6)
    parts = {
        online: amount * share,
        chance.choice((Channel.COUNTER, Channel.WHOLESALE)): amount * (1 - share),
    }
    total = Decimal(0)
    for channel, part in parts.items():
        pesos = Decimal(round(part / 50) * 50)
        total += pesos
        _figure(world, case, month, channel, pesos, is_baseline=is_baseline)
    return total


def _figure(
    world: Any, case: Any, month: date, channel: Channel, gross: Decimal | None, *, is_baseline: bool
) -> None:
    chance = world.chance
    verified = gross is not None and chance.random() < (0.75 if is_baseline else 0.55)
    declared = min(moment_in_week(world, case, 0, 2) if is_baseline else world.days_ago(0.5), world.now)
    if not is_baseline:
        day = months_back(month, -1) + timedelta(days=chance.randint(2, 12))
        declared = min(declared, world.now.replace(year=day.year, month=day.month, day=day.day))
    online = channel in ONLINE
    world.rows.add(
        Figure,
        **case.common,
        user_id=chance.choice(case.people),
        channel=channel,
        month=month,
        gross=gross,
        net=None if gross is None else (gross / Decimal("1.16")).quantize(Decimal("0.01")),
        orders=None if gross is None or not online else max(1, int(gross / 480)),
        units=None,
        tier=chance.choice((Tier.B_EXPORT, Tier.D_RECORD))
        if online
        else chance.choice((Tier.D_RECORD, Tier.E_RECALL)),
        declared_at=declared,
        verified_by_id=case.mentor_id if verified else None,
        verified_at=min(declared + timedelta(days=1), world.now) if verified else None,
    )


def _freeze(world: Any, case: Any, start: date, total: dict[date, Decimal | None]) -> None:
    months = [months_back(start, back) for back in range(12, 0, -1)]
    if sum(month in total for month in months) < 4:
        return
    kept = [[m.isoformat(), None if total.get(m) is None else str(total[m])] for m in months if m in total]
    world.rows.add(
        Baseline,
        **case.common,
        user_id=case.people[0],
        months=kept,
        source_note="Libreta y reporte de la tienda",
        frozen_at=moment_in_week(world, case, 0, 6),
    )


def _milestones(world: Any, case: Any, total: dict[date, Decimal | None]) -> None:
    chance = world.chance
    for definition in case.version.milestones:
        lived = definition.week_number <= case.weeks_lived
        if definition.proof != "claim" or not lived or chance.random() > case.diligence + 0.12:
            continue
        at = moment_in_week(world, case, definition.week_number, 4)
        verified = chance.random() < 0.92
        world.rows.add(
            MilestoneReached,
            **case.common,
            user_id=chance.choice(case.people),
            milestone_id=definition.id,
            reached_on=at.date(),
            evidence="Lo mostramos en la mentoría y mandamos la captura.",
            claimed_at=at,
            verified_by_id=case.mentor_id if verified else None,
            verified_at=min(at + timedelta(days=2), world.now) if verified else None,
        )

"""Questions worth asking before a month's figures are kept. They ask; they never forbid."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

TEN = 10
THOUSAND = 1000


class Asks(StrEnum):
    MUCH_MORE = "much_more"
    MUCH_LESS = "much_less"
    THOUSANDS = "thousands"
    NOTHING_NOW = "nothing_now"
    CHANGES = "changes"
    GAP = "gap"


@dataclass(frozen=True, kw_only=True)
class Question:
    """`channel` is None when the whole month is meant; `before` and `now` are the amounts it is about."""

    asks: Asks
    channel: Any = None
    before: Decimal | None = None
    now: Decimal | None = None
    months: tuple[date, ...] = ()


def about_month(
    amounts: Mapping[Any, Decimal | None],
    last_month: Mapping[Any, Decimal | None],
    already: Mapping[Any, Decimal | None],
    missing: Sequence[date],
) -> list[Question]:
    """What to ask about the amounts of a month by channel (None is unknown).

    `already` is what was reported for this same month before, `missing` the earlier months without report.
    """
    asked = []
    for channel, now in amounts.items():
        before = last_month.get(channel)
        asks = _about_amount(now, before)
        if asks:
            asked.append(Question(asks=asks, channel=channel, before=before, now=now))
        if channel in already and already[channel] != now:
            asked.append(Question(asks=Asks.CHANGES, channel=channel, before=already[channel], now=now))
    total = sum((amount for amount in amounts.values() if amount), Decimal(0))
    if not last_month and 0 < total < THOUSAND:
        asked.append(Question(asks=Asks.THOUSANDS, now=total))
    if missing:
        asked.append(Question(asks=Asks.GAP, months=tuple(missing)))
    return asked


def _about_amount(now: Decimal | None, before: Decimal | None) -> Asks | None:
    if now is None or not before:
        return None
    if now == 0:
        return Asks.NOTHING_NOW
    # 58 where last month was 58,400: somebody wrote thousands.
    if now < THOUSAND and before >= 100 * now:
        return Asks.THOUSANDS
    if now >= TEN * before:
        return Asks.MUCH_MORE
    return Asks.MUCH_LESS if TEN * now <= before else None

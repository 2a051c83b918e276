"""What a figure says, kept as plain data before an import changes it, so that an undo can give it back."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from lms.sales.models import Figure, Tier

_MONEY = ("gross", "net", "cancelled", "refunds", "fees")
_PLAIN = ("orders", "units", "currency", "source", "is_whole", "import_id", "evidence_id", "user_id", "note")
# What the history of a figure tells besides its gross amount.
_TOLD = ("net", "orders", "units", "cancelled", "refunds", "fees", "tier", "source")


def remember(figure: Figure | None) -> dict[str, Any] | None:
    """What a figure says now; None when there is none."""
    if figure is None:
        return None
    kept: dict[str, Any] = {name: _text(getattr(figure, name)) for name in _MONEY}
    kept |= {name: getattr(figure, name) for name in _PLAIN}
    return kept | {"tier": figure.tier.value, "declared_at": figure.declared_at.isoformat()}


def restore(figure: Figure, kept: Mapping[str, Any]) -> None:
    """Let a figure say again what it said."""
    for name in _MONEY:
        setattr(figure, name, None if kept[name] is None else Decimal(kept[name]))
    for name in _PLAIN:
        setattr(figure, name, kept[name])
    figure.tier = Tier(kept["tier"])
    figure.declared_at = datetime.fromisoformat(kept["declared_at"])


def changes_since(kept: Mapping[str, Any] | None, figure: Figure) -> dict[str, Any]:
    """Which fields besides the gross amount changed, each with what it said before and says now."""
    today = remember(figure) or {}
    old = kept or {}
    return {name: [old.get(name), today[name]] for name in _TOLD if old.get(name) != today[name]}


def _text(amount: Decimal | None) -> str | None:
    return None if amount is None else str(amount)

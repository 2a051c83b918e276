"""Remarks at a place on a photo. Pure.

A place is a fraction of the photo's width and height from its left upper corner, so that it fits every size
at which the photo is shown.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

# The finest step of a place, as a form carries it and the database keeps it.
GRAIN = 10_000
MOST_PINS = 20
LONGEST_REMARK = 500

_COLUMNS = ("left", "middle", "right")
_ROWS = ("top", "centre", "bottom")
# The nine parts of a photo, for who points with words.
REGIONS = tuple(f"{row}-{column}" for row in _ROWS for column in _COLUMNS)


@dataclass(frozen=True)
class Pin:
    """A remark on one photo, named by the key of its file."""

    photo: int
    x: float
    y: float
    text: str

    @property
    def region(self) -> str:
        return region_at(self.x, self.y)

    @property
    def place(self) -> str:
        """The place as a form carries it."""
        return f"{self.photo}:{self.x:.4f}:{self.y:.4f}"


def region_at(x: float, y: float) -> str:
    return f"{_ROWS[min(int(y * 3), 2)]}-{_COLUMNS[min(int(x * 3), 2)]}"


def middle_of(region: str) -> tuple[float, float]:
    """The point that stands for one of the nine parts. A ValueError for any other word."""
    row, column = divmod(REGIONS.index(region), 3)
    return (2 * column + 1) / 6, (2 * row + 1) / 6


def parse(place: str, text: str) -> Pin:
    """A pin as a form sends it. A ValueError for a place that is none."""
    photo, x, y = place.split(":")
    pin = Pin(int(photo), round(float(x), 4), round(float(y), 4), text.strip())
    if not (0 <= pin.x <= 1 and 0 <= pin.y <= 1):
        raise ValueError(place)
    return pin


def parse_all(places: Sequence[str], texts: Sequence[str]) -> list[Pin]:
    """The pins of a form; one whose words were deleted is taken away."""
    return [parse(place, text) for place, text in zip(places, texts, strict=True) if text.strip()]


def kept(pins: Iterable[Pin]) -> list[dict[str, Any]]:
    """As a draft keeps them."""
    return [asdict(pin) for pin in pins]


def read(rows: Iterable[Mapping[str, Any]]) -> list[Pin]:
    return [Pin(**row) for row in rows]


def on(pins: Iterable[Pin], photo: int) -> list[Pin]:
    """Those on one photo, in the order they were set; their numbers count from one on each photo."""
    return [pin for pin in pins if pin.photo == photo]

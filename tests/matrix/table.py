"""The tables of expected answers: a file for a room, a row for a page and a place, a cell for a person."""

from pathlib import Path

from tests.matrix.world import WHO

FOLDER = Path(__file__).parent / "expected"
Key = tuple[str, str, str]  # endpoint, method, place

HEAD = f"{'page':<36}{'how':<5}{'whose':<8}" + " ".join(f"{name:>5}" for name in WHO)


def read() -> dict[Key, dict[str, str]]:
    """Every row of every room."""
    rows: dict[Key, dict[str, str]] = {}
    for path in sorted(FOLDER.glob("*.txt")):
        for line in path.read_text(encoding="utf-8").splitlines():
            words = line.split()
            if not words or line.startswith("#") or line == HEAD:
                continue
            key, cells = (words[0], words[1], words[2]), words[3:]
            if key in rows or len(cells) != len(WHO) or not key[0].startswith(f"{path.stem}."):
                raise ValueError(f"{path.name}: {line}")
            rows[key] = dict(zip(WHO, cells, strict=True))
    return rows


def line(key: Key, cells: dict[str, str]) -> str:
    endpoint, method, place = key
    return f"{endpoint:<36}{method:<5}{place:<8}" + " ".join(f"{cells[name]:>5}" for name in WHO)

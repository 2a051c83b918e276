"""XLS and ODS turned into CSV in a process of its own, which may use only so much memory and time.

The library for these formats keeps a sheet as a full rectangle: a small file can ask for more memory than
there is. `python -m lms.foundation.old_sheets FILE FOLDER` writes one CSV per sheet and their names.
"""

import csv
import json
import resource
import subprocess
import sys
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

HOUSE = Path(__file__).resolve().parent.parent.parent
MEMORY = 1 << 30
LARGEST_ANSWER = 512 << 20
SECONDS = 60
MOST_SHEETS = 20


class Unopened(Exception):
    """The file cannot be read, or asks for more than it may."""


def convert(source: Path, folder: Path) -> list[tuple[str, Path]]:
    """Write the sheets of a workbook into a folder; gives names and files. Raises Unopened."""
    command = [sys.executable, "-m", "lms.foundation.old_sheets", str(source), str(folder)]
    try:
        done = subprocess.run(
            command,
            cwd=HOUSE,
            env={"PYTHONPATH": str(HOUSE), "PATH": "/usr/bin:/bin"},
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        raise Unopened("it takes too long") from late
    index = folder / "index.json"
    if done.returncode != 0 or not index.exists():
        raise Unopened(done.stderr.decode("utf-8", "replace")[-200:])
    names = json.loads(index.read_text(encoding="utf-8"))
    return [(name, folder / f"{number}.csv") for number, name in enumerate(names)]


def _convert(source: str, folder: Path) -> None:
    import python_calamine

    workbook = python_calamine.CalamineWorkbook.from_path(source)
    names = workbook.sheet_names[:MOST_SHEETS]
    for number, name in enumerate(names):
        with (folder / f"{number}.csv").open("w", encoding="utf-8", newline="") as stream:
            _write(csv.writer(stream), workbook.get_sheet_by_name(name).iter_rows())
    (folder / "index.json").write_text(json.dumps(names), encoding="utf-8")


def _write(writer: Any, rows: Iterable[list[Any]]) -> None:
    for row in rows:
        writer.writerow([_text(cell) for cell in row])


def _text(cell: Any) -> str:
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(" ", "seconds")
    if isinstance(cell, date | time):
        return cell.isoformat()
    return str(cell.total_seconds()) if isinstance(cell, timedelta) else str(cell).replace("\x00", "")


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_ANSWER, LARGEST_ANSWER))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _convert(sys.argv[1], Path(sys.argv[2]))

"""The walls of the house: who imports whom, what things are called, their length, what a page may hold."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LMS = ROOT / "lms"
LONGEST_FILE = 400
FORBIDDEN_NAMES = {"utils", "helpers", "common", "misc", "base", "manager"}
# Addresses that no browser opens by itself: a link for a message, names of formats, the name for examples.
ALLOWED_HOSTS = re.compile(r"^(?:wa\.me|www\.w3\.org|example\.org)(?:/|$)")


def python_files() -> list[Path]:
    folders = (LMS, ROOT / "tests", ROOT / "bench")
    found = [path for folder in folders for path in folder.rglob("*.py")]
    return [*found, ROOT / "config.py", ROOT / "wsgi.py"]


def page_files(*endings: str) -> list[Path]:
    return sorted(
        path for ending in endings for path in LMS.rglob(f"*{ending}") if "translations" not in path.parts
    )


def lines_that(paths: list[Path], pattern: str) -> list[str]:
    """Every line of these files in which the pattern is found, with its file and number."""
    wanted = re.compile(pattern)
    return [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}"
        for path in paths
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if wanted.search(line)
    ]


def test_imports_run_down_the_stairs():
    checker = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([checker, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]


def test_no_module_has_a_name_that_says_nothing():
    named = [
        str(path.relative_to(ROOT)) for path in python_files() if path.stem.strip("_") in FORBIDDEN_NAMES
    ]
    folders = [
        str(path.relative_to(ROOT))
        for path in LMS.rglob("*")
        if path.is_dir() and path.name in FORBIDDEN_NAMES
    ]
    assert named + folders == []


def test_no_file_is_longer_than_one_can_hold_in_mind():
    long = {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines())
        for path in python_files()
    }
    assert {path: lines for path, lines in long.items() if lines > LONGEST_FILE} == {}


def test_every_module_opens_with_what_it_is_for():
    silent = []
    for path in python_files():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        if tree.body and not ast.get_docstring(tree):
            silent.append(str(path.relative_to(ROOT)))
    assert silent == []


def test_no_page_carries_its_own_style():
    assert lines_that(page_files(".html"), r"\sstyle\s*=|<style\b") == []
    assert lines_that(page_files(".py"), r"[<\s]style=\\?[\"']") == []


def test_no_page_carries_a_script():
    pages = page_files(".html")
    inline = lines_that(pages, r"<script\b(?![^>]*\ssrc=)")
    handlers = lines_that(
        pages, r"\son(?:click|change|submit|load|error|input|focus|blur|key\w+|mouse\w+)\s*="
    )
    addresses = lines_that(pages, r"(?i)javascript:")
    assert inline + handlers + addresses == []


def test_nothing_is_declared_safe_in_a_template():
    assert lines_that(page_files(".html"), r"\|\s*safe\b|autoescape\s+false|Markup\(") == []


def test_no_page_asks_another_house_for_anything():
    found = []
    for path in page_files(".html", ".css", ".js", ".svg", ".typ"):
        for address in re.findall(
            r"(?:https?:)?//([\w.-]+\.[a-z]{2,}[^\s\"'<>)]*)", path.read_text(encoding="utf-8")
        ):
            if not ALLOWED_HOSTS.match(address):
                found.append(f"{path.relative_to(ROOT)}: {address[:80]}")
    assert found == []


def test_only_the_foundation_commits():
    written = [path for path in LMS.rglob("*.py") if LMS / "foundation" not in path.parents]
    assert lines_that(written, r"\.commit\(\)") == []


def test_only_the_foundation_reads_the_clock():
    written = [path for path in LMS.rglob("*.py") if path != LMS / "foundation" / "clock.py"]
    assert lines_that(written, r"\bdatetime\.(?:now|utcnow|today)\(|\bdate\.today\(") == []


def test_tables_are_looked_up_the_one_way():
    written = [path for path in LMS.rglob("*.py")]
    assert lines_that(written, r"\b[A-Z]\w+\.query\b") == []


@pytest.mark.parametrize("word", ["TODO", "FIXME", "XXX"])
def test_nothing_is_left_for_later(word):
    written = [path for path in LMS.rglob("*") if path.suffix in {".py", ".html", ".css", ".js"}]
    assert lines_that(sorted(written), rf"\b{word}\b") == []

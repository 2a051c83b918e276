"""Assets are joined in the stated order, named by their content, compressed, and served for ever."""

import gzip
import re
from pathlib import Path

import brotli
import pytest
from werkzeug.exceptions import NotFound
from werkzeug.test import Client

import lms
from lms.web import assets

STATIC = Path(lms.__file__).parent / "static"
SCRIPTS_AND_STYLE = ("css", "js", "member", "lesson", "task")


@pytest.fixture
def built(tmp_path):
    return assets.build(STATIC, tmp_path), tmp_path


def fetch(target, url, encoding=""):
    """The answer for an asset; 404 comes from the app behind."""
    with Client(assets.wrap(NotFound(), target)).get(url, headers={"Accept-Encoding": encoding}) as answer:
        answer.get_data()
        return answer


def test_every_style_sheet_is_named_once_in_the_stated_order():
    named = re.findall(r'@import "([^"]+)";', (STATIC / "css/app.css").read_text())
    present = [path.relative_to(STATIC / "css").as_posix() for path in (STATIC / "css").rglob("*.css")]
    assert sorted(named) == sorted(name for name in present if name != "app.css")
    assert named[-1] == "print.css"


def test_the_joined_style_sheet_states_its_layers_first_and_lost_nothing():
    style = assets.join_styles(STATIC / "css")
    assert style.startswith("@layer reset,tokens,base,layout,components,pages,utilities,print;")
    assert "@import" not in style and "/*" not in style
    assert style.count("{") == style.count("}")
    assert "env(safe-area-inset-bottom)" in style and '"Segoe UI"' in style


def test_stripping_a_style_sheet_keeps_strings_calculations_and_selectors():
    before = 'a :hover , b { content: "  /* no */ ; " ; width: calc(1rem + 2px); } /* out */'
    assert assets.strip_style(before) == 'a :hover,b{content:"  /* no */ ; ";width:calc(1rem + 2px)}'


def test_stripping_a_script_keeps_its_lines():
    before = "/* a\n b */\n{\n  one();  /* c */\n\n  two('/*');\n}\n"
    assert assets.strip_script(before) == "{\none();\ntwo('/*');\n}\n"


def test_style_and_scripts_stay_small_enough_for_a_slow_phone(built):
    manifest, target = built
    size = {name: (target / f"{manifest.names[name]}.br").stat().st_size for name in SCRIPTS_AND_STYLE}
    everywhere = size["css"] + size["js"] + size["member"]
    assert everywhere + max(size["lesson"], size["task"]) <= 16_000
    assert len(assets.join_scripts(STATIC / "js")) <= 6_500
    of_member = assets.join_scripts(STATIC / "member") + assets.join_worker(STATIC)
    assert len(gzip.compress(of_member.encode())) <= 10_000
    assert len(assets.join_scripts(STATIC / "js" / "lesson")) <= 4_500
    assert len(assets.join_scripts(STATIC / "js" / "task")) <= 5_000


def test_an_asset_is_served_compressed_and_for_ever(built):
    manifest, target = built
    answer = fetch(target, manifest.url("css"), "gzip, br")
    assert answer.status_code == 200 and answer.headers["Content-Encoding"] == "br"
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert brotli.decompress(answer.data).decode() == assets.join_styles(STATIC / "css")
    assert fetch(target, manifest.url("js")).status_code == 200
    assert fetch(target, manifest.url("img/icono.svg")).mimetype == "image/svg+xml"
    assert fetch(target, "/assets/app.000000000000.css").status_code == 404


def test_building_again_writes_nothing_and_a_change_gets_a_new_name(tmp_path):
    static, target = tmp_path / "static", tmp_path / "build"
    for folder in ("css", "js", "member", "staff", "img"):
        (static / folder).mkdir(parents=True)
    (static / "css/app.css").write_text("a { color: red }")
    (static / "staff/app.css").write_text("b { color: red }")
    (static / "js/one.js").write_text("one();")
    first = assets.build(static, target)
    times = {path: path.stat().st_mtime_ns for path in target.rglob("*") if path.is_file()}
    assert assets.build(static, target) == first
    assert {path: path.stat().st_mtime_ns for path in times} == times
    (static / "css/app.css").write_text("a { color: blue }")
    second = assets.build(static, target)
    assert second.names["css"] != first.names["css"] and second.names["js"] == first.names["js"]
    assert (target / first.names["css"]).exists(), "pages already open still find theirs"
    assert not list(target.rglob("*.tmp"))


def test_an_asset_that_does_not_exist_is_an_error_and_no_broken_link(built):
    with pytest.raises(KeyError):
        built[0].url("img/nothing.svg")


def test_dark_by_choice_and_dark_by_the_system_are_the_same_colours():
    text = (STATIC / "css/tokens.css").read_text()
    by_system = re.search(r":root:not\(\[data-theme=light\]\) \{(.*?)\}", text, re.DOTALL)[1]
    by_choice = re.search(r":root\[data-theme=dark\] \{(.*?)\}", text, re.DOTALL)[1]
    names = re.findall(r"(--[\w-]+: [^;]+);", by_system)
    assert len(names) > 20 and names == re.findall(r"(--[\w-]+: [^;]+);", by_choice)


def test_no_template_holds_inline_style_or_script():
    for path in (STATIC.parent / "templates").rglob("*.html"):
        text = path.read_text()
        assert not re.search(r"\sstyle=|\son\w+=\"|<style|<script>|\|safe", text), path


def test_no_style_sheet_or_script_asks_another_site_or_evaluates_text():
    for path in [*STATIC.rglob("*.css"), *STATIC.rglob("*.js")]:
        text = path.read_text()
        assert not re.search(r"https?://|url\(|eval\(|new Function|innerHTML", text), path

"""What people write, as safe HTML: a text is escaped, and a few signs are given a meaning."""

import re
from itertools import groupby

from markupsafe import Markup, escape

LONGEST_TEXT = 64 * 1024

# Never parsed as Markdown, which has far more signs than people expect.
# No alternative can pass its own first sign twice, so a text is read once, whatever it holds.
_INLINE = re.compile(
    r"\*\*(?P<bold>[^*\n]+)\*\*"
    r"|\*(?P<starred>[^*\s][^*\n]*)\*"
    r"|(?<!\w)_(?P<underlined>[^_\s][^_\n]*)_(?!\w)"
    r"|\[(?P<label>[^\[\]\n]{1,300})\]\((?P<target>https?://[^\s()<>\"']{1,1000})\)"
    r"|(?P<bare>https?://[^\s<>\"'*]{1,1000})"
)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_BULLET = re.compile(r"[-*•][ \t]+(?=\S)")
_NUMBER = re.compile(r"(\d{1,3})[.)][ \t]+(?=\S)")


def render_text(text: str) -> Markup:
    """What a person wrote, as HTML: paragraphs, line breaks, lists, bold, italics and web links only."""
    shown = text[:LONGEST_TEXT] + ("…" if len(text) > LONGEST_TEXT else "")
    shown = _CONTROL.sub("", shown.replace("\r\n", "\n").replace("\r", "\n"))
    lines = [line.strip() for line in shown.split("\n")]
    return Markup("\n").join(_block(kind, list(group)) for kind, group in groupby(lines, key=_kind) if kind)


def _kind(line: str) -> str:
    if not line:
        return ""
    if _BULLET.match(line):
        return "ul"
    return "ol" if _NUMBER.match(line) else "p"


def _block(kind: str, lines: list[str]) -> Markup:
    if kind == "p":
        return Markup("<p>{}</p>").format(Markup("<br>\n").join(_inline(line) for line in lines))
    marker = _BULLET if kind == "ul" else _NUMBER
    first = _NUMBER.match(lines[0])
    opening = Markup(f'<ol start="{int(first[1])}">') if first and int(first[1]) != 1 else Markup(f"<{kind}>")
    items = (Markup("<li>{}</li>").format(_inline(marker.sub("", line, count=1))) for line in lines)
    return opening + Markup("").join(items) + Markup(f"</{kind}>")


def _inline(text: str, inside: bool = False) -> Markup:
    """Signs become tags; inside bold or italics only links are still looked for."""
    parts, position = [], 0
    for found in _INLINE.finditer(text):
        parts.append(escape(text[position : found.start()]))
        parts.append(_tag(found, inside))
        position = found.end()
    parts.append(escape(text[position:]))
    return Markup("").join(parts)


def _tag(found: re.Match, inside: bool) -> Markup:
    if found["label"]:
        return _anchor(found["target"], found["label"])
    if found["bare"]:
        address = found["bare"].rstrip(".,;:!?)]")
        return _anchor(address, address) + escape(found["bare"][len(address) :])
    if inside:
        return escape(found[0])
    if found["bold"]:
        return Markup("<strong>{}</strong>").format(_inline(found["bold"], inside=True))
    return Markup("<em>{}</em>").format(_inline(found["starred"] or found["underlined"], inside=True))


def _anchor(address: str, label: str) -> Markup:
    return Markup('<a href="{}" rel="nofollow noopener ugc">{}</a>').format(address, label)

"""Pages set by typst: our own templates, filled with data, as tagged PDF that screen readers can follow."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

# A folder that does not exist: no template may load a package from the machine or the net.
NOWHERE = Path(__file__).parent / "no-packages"


def pdf(template: Path, content: dict[str, Any], made_at: datetime) -> bytes:
    """The page with this content, the same bytes for the same content and moment.

    A sign that no font of ours draws (an emoji) may be in a plain PDF, not in a tagged one (PDF/UA-1).
    """
    import typst

    try:
        return _compile(template, content, made_at, standard="ua-1")
    except typst.TypstError:
        return _compile(template, content, made_at, standard=None)


def _compile(template: Path, content: dict[str, Any], made_at: datetime, *, standard: Any) -> bytes:
    import typst

    # A compiler must not be shared between threads, so each page has its own; making one takes milliseconds.
    compiler = typst.Compiler(
        input=template.read_bytes(),
        root=template.parent,
        ignore_system_fonts=True,
        package_path=NOWHERE,
        package_cache_path=NOWHERE,
        sys_inputs={"content": json.dumps(content, ensure_ascii=False)},
    )
    made = compiler.compile(format="pdf", pdf_standards=standard, timestamp=int(made_at.timestamp()))
    assert isinstance(made, bytes)
    return made

"""Publishing the courses, and bare Markdown over the same texts.

`python -m bench.publishing ROUNDS` prints JSON.
"""

import json
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from markdown import Markdown

from config import HERE, Config
from lms.app import create_app
from lms.curriculum import commands, source
from lms.foundation.db import db

COURSES = HERE / "courses"


def publish(folder: Path) -> float:
    """CPU seconds from the files to a committed version of every course, in an empty database."""
    url = f"sqlite:///{folder / 'empty.db'}"
    app = create_app(replace(Config.from_environ(), SQLALCHEMY_DATABASE_URI=url))
    with app.app_context():
        db.create_all()
        started = time.process_time()
        commands.publish_folder(COURSES)
        spent = time.process_time() - started
        db.engine.dispose()
    return spent


def render(texts: list[str]) -> float:
    """CPU seconds of Python-Markdown with its tables for these texts, and nothing else."""
    started = time.process_time()
    engine = Markdown(extensions=["tables"], output_format="html")
    for text in texts:
        engine.reset().convert(text)
    return time.process_time() - started


def main(rounds: int) -> None:
    texts = [item.body.text for course in source.read_all(COURSES) for item in course.items]
    pairs = []
    for _ in range(rounds + 1):
        with tempfile.TemporaryDirectory(prefix="pespunte-bench-publish-") as folder:
            pairs.append((publish(Path(folder)), render(texts)))
    # The first round also sets up the mappers and fills caches: it does not count.
    print(json.dumps({"texts": len(texts), "pairs": pairs[1:]}))


if __name__ == "__main__":
    main(int(sys.argv[1]))

"""The index of what published versions say: filled by a job after publishing, the same on every database."""

import re
from collections import Counter
from collections.abc import Collection, Iterator
from functools import lru_cache
from typing import Any

from markupsafe import Markup
from sqlalchemy import func, insert, select

from lms.curriculum.models import Brief, CourseVersion, Lesson, Quiz, SearchTerm
from lms.curriculum.stems import stems
from lms.foundation.db import db
from lms.foundation.jobs import job

TITLE, KEY_IDEA = 12, 5
# A long text that repeats a word is no better answer than a short one that explains it.
MOST_IN_TEXT = 5

KINDS: dict[str, Any] = {"lesson": Lesson, "quiz": Quiz, "brief": Brief}

_MEANINGS = '<div class="words">'
_BLOCK_END = re.compile(r"</(?:p|li|h2|h3|td|th|tr|summary|figcaption|div|pre)>|<br>")


@job
def index_what_is_missing() -> None:
    """Fill the index of every version that has none: of a new one, and of those from before there was one."""
    indexed = select(SearchTerm.version_id).where(SearchTerm.version_id == CourseVersion.id)
    for version_id in db.session.scalars(select(CourseVersion.id).where(~indexed.exists())).all():
        for kind in KINDS:
            for rows in _terms(version_id, kind):
                # The table itself, since the mapper takes longer than the writing; and text by text, since
                # a server never gives back what it held at once.
                db.session.execute(insert(SearchTerm.__table__), rows)
    _weights.cache_clear()


def found(version_id: int, asked: Collection[str]) -> dict[tuple[str, int], tuple[int, int]]:
    """How well each item that holds one of these stems answers, by kind and key: of how many, how much."""
    rank = (
        select(SearchTerm.kind, SearchTerm.item_id, func.count(), func.sum(SearchTerm.weight))
        .where(SearchTerm.version_id == version_id, SearchTerm.stem.in_(asked))
        .group_by(SearchTerm.kind, SearchTerm.item_id)
    )
    return {(kind, key): (count, int(weight)) for kind, key, count, weight in db.session.execute(rank)}


def texts(kind: str, item_ids: Collection[int]) -> dict[int, str]:
    """The HTML of these items by their key. What a quiz asks and answers is no part of it."""
    model = KINDS[kind]
    columns = select(model.id, model.html).where(model.id.in_(item_ids))
    return {key: html for key, html in db.session.execute(columns)}


def plain(html: str) -> str:
    """The words of a published text, without those that only explain its words."""
    # A plain text first: of markup, `sub` would escape what it puts together.
    return Markup(_BLOCK_END.sub(r"\g<0> ", str(html).partition(_MEANINGS)[0])).striptags()


def _terms(version_id: int, kind: str) -> Iterator[list[dict[str, Any]]]:
    """The rows of each text that has words."""
    model = KINDS[kind]
    idea = model.key_idea if kind == "lesson" else model.title
    columns = select(model.id, model.html, model.title, idea).where(model.version_id == version_id)
    for item_id, html, title, key_idea in db.session.execute(columns):
        same = {"version_id": version_id, "kind": kind, "item_id": item_id}
        if weights := _weights(html, title, key_idea):
            yield [{**same, "stem": stem, "weight": weight} for stem, weight in weights.items()]


@lru_cache(maxsize=256)
def _weights(html: str, title: str, key_idea: str) -> dict[str, int]:
    """How much each stem tells about a text; courses share texts, so it is counted once for all of them."""
    weights = Counter(stem for stem, _begin, _end in stems(plain(html)))
    weights = Counter({stem: min(count, MOST_IN_TEXT) for stem, count in weights.items()})
    for text, worth in ((title, TITLE), (key_idea, KEY_IDEA)):
        weights.update({stem: worth for stem, _begin, _end in stems(text)})
    return weights

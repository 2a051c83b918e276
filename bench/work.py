"""What is measured over the network: pages to read, lessons to mark as done, questions to answer."""

import json
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import TypeAlias

from bench.client import Browser, Request, Unexpected
from bench.forms import ANY_ANSWER, Form, find_form

# Signed-in people by their browsers, with their keys.
Writers: TypeAlias = Sequence[tuple[Browser, int]]


class Page:
    """One page, read again and again."""

    expects = 200

    def __init__(self, name: str, browser: Browser, path: str) -> None:
        self.name, self.browser, self._request = name, browser, browser.ready(path)

    def requests(self, count: int) -> list[Request]:
        return [self._request] * count


class BareProgress:
    """The anchor's write: the same row counted up and committed."""

    name, expects = "bare progress", 302

    def __init__(self, browser: Browser) -> None:
        self.browser = browser

    def requests(self, count: int) -> list[Request]:
        return [self.browser.ready("/progress/1", b"")] * count


class MarkDone:
    """Every lesson of the course marked as done by each writer, for the first time each time.

    Between samples what they read is forgotten, so that no request finds its work done already.
    """

    name, expects = "mark done", 302

    def __init__(self, writers: Writers, lessons: Sequence[str], database: Path) -> None:
        self.browser = writers[0][0]
        self._user_ids = [user_id for _, user_id in writers]
        self._database = database
        self._forms = [(browser, self._form(browser, lesson)) for browser, _ in writers for lesson in lessons]

    def _form(self, browser: Browser, lesson: str) -> Form:
        return find_form(browser.get(lesson).text, action="/done")

    def requests(self, count: int) -> list[Request]:
        forget_readings(self._database, self._user_ids)
        return [browser.ready(form.action, form.body()) for browser, form in self._forms[:count]]


class AnswerQuestion:
    """Every question of every quiz answered by each writer, in attempts begun beforehand."""

    name, expects = "quiz answer", 302

    def __init__(self, writers: Writers, quizzes: Sequence[str], database: Path) -> None:
        self.browser = writers[0][0]
        self._database = database
        self._places = [
            (browser, find_form(browser.get(quiz).text, action="/start"))
            for browser, _ in writers
            for quiz in quizzes
        ]

    def requests(self, count: int) -> list[Request]:
        ready: list[Request] = []
        for browser, start in self._places:
            if len(ready) < count:
                ready += self._answers(browser, start)
        return ready

    def _answers(self, browser: Browser, start: Form) -> list[Request]:
        attempt = browser.post(start.action, start.body()).location
        if not attempt:
            raise Unexpected(f"no attempt begins at {start.action}")
        form = find_form(browser.get(attempt).text, field="question")
        bodies = [form.body(question=key, **ANY_ANSWER) for key in drawn_for(self._database, attempt)]
        return [browser.ready(attempt, body) for body in bodies]


def drawn_for(database: Path, attempt: str) -> list[int]:
    """The questions that were drawn for the attempt at this address."""
    connection = sqlite3.connect(database, timeout=10)
    (drawn,) = connection.execute(
        "SELECT drawn FROM attempt WHERE id = ?", (attempt.rpartition("/")[2],)
    ).fetchone()
    connection.close()
    return json.loads(drawn)


def forget_readings(database: Path, user_ids: Sequence[int]) -> None:
    """Take back what these people read: only ever in the database of the run."""
    connection = sqlite3.connect(database, timeout=10)
    with connection:
        connection.executemany("DELETE FROM reading WHERE user_id = ?", [(user_id,) for user_id in user_ids])
    connection.close()

"""One lesson, quiz, brief, test or row of a course out of its head and its body."""

import re
from collections.abc import Callable

from lms.curriculum.bodies import Body, FactSource
from lms.curriculum.heads import Reader
from lms.curriculum.question_parts import question
from lms.curriculum.shapes import (
    BriefSource,
    CriterionSource,
    ItemSource,
    LessonSource,
    MilestoneSource,
    ObjectiveSource,
    PracticeSource,
    QuestionSource,
    QuizSource,
    SlotSource,
    TestSource,
    ToolSource,
    WordSource,
)
from lms.curriculum.stems import fold
from lms.foundation.glossary import Word


def _questions(head: Reader) -> tuple[QuestionSource, ...]:
    """The shared questions, then those that the course adds to them."""
    return tuple(question(row) for key in ("questions", "own_questions") for row in head.tables(key))


def _tool(row: Reader) -> tuple[str, ToolSource]:
    sector = row.text("sector", "")
    tool = ToolSource(row.text("tool"), _numbers(row, "example"), _numbers(row, "result"), row.places)
    row.done()
    return sector, tool


def _numbers(row: Reader, key: str) -> tuple[tuple[str, float], ...]:
    table = row.table(key)
    if table is None:
        return ()
    found = tuple((name, table.number(name)) for name in table.keys)
    table.done()
    return found


def lesson(slug: str, head: Reader, body: Body, sector: str) -> LessonSource:
    check = head.table("check")
    tools = [_tool(row) for row in head.tables("tools")]
    return LessonSource(
        slug=slug,
        title=head.text("title"),
        title_en=head.text("title_en"),
        summary_en=head.text("summary_en"),
        minutes=head.whole("minutes"),
        key_idea=head.text("key_idea"),
        checklist=head.texts("checklist"),
        optional=head.flag("optional", False),
        check=question(check) if check else None,
        tools=tuple(tool for of, tool in tools if of in ("", sector)),
        body=body,
        places=head.places,
    )


def quiz(slug: str, head: Reader, body: Body, _sector: str) -> QuizSource:
    questions = _questions(head)
    return QuizSource(
        slug=slug,
        title=head.text("title"),
        title_en=head.text("title_en"),
        summary_en=head.text("summary_en"),
        pass_percent=head.whole("pass_percent", 70),
        ask=head.whole("ask", len(questions)),
        questions=questions,
        body=body,
        places=head.places,
    )


def test(slug: str, head: Reader, body: Body, _sector: str) -> TestSource:
    return TestSource(
        slug=slug,
        title=head.text("title"),
        title_en=head.text("title_en"),
        summary_en=head.text("summary_en"),
        form=head.text("form"),
        questions=_questions(head),
        body=body,
        places=head.places,
    )


def brief(slug: str, head: Reader, body: Body, _sector: str) -> BriefSource:
    return BriefSource(
        slug=slug,
        title=head.text("title"),
        title_en=head.text("title_en"),
        summary_en=head.text("summary_en"),
        minutes=head.whole("minutes"),
        required=head.flag("required", True),
        product=head.text("product"),
        who=head.text("who"),
        text_label=head.text("text_label", ""),
        link_label=head.text("link_label", ""),
        slots=tuple(_slot(row) for row in head.tables("slots")),
        rubric=tuple(_criterion(row) for row in head.tables("rubric")),
        checklist=head.texts("checklist"),
        good_example=head.text("good_example"),
        poor_example=head.text("poor_example"),
        look_for=head.text("look_for"),
        body=body,
        places=head.places,
    )


def _slot(row: Reader) -> SlotSource:
    slot = SlotSource(
        key=row.text("key"),
        title=row.text("title"),
        hint=row.text("hint", ""),
        kind=row.text("kind", "photo"),
        required=row.flag("required", True),
        places=row.places,
    )
    row.done()
    return slot


def _criterion(row: Reader) -> CriterionSource:
    criterion = CriterionSource(row.text("criterion"), row.texts("levels"), row.places)
    row.done()
    return criterion


def milestone(row: Reader) -> MilestoneSource:
    made = MilestoneSource(
        code=row.text("code"),
        week=row.whole("week"),
        title=row.text("title"),
        description=row.text("description"),
        proof=row.text("proof"),
        orders=row.whole("orders", None),
        months_after=row.whole("months_after", None),
        places=row.places,
    )
    row.done()
    return made


def practice(row: Reader) -> PracticeSource:
    made = PracticeSource(row.text("key"), row.text("area"), row.text("text"), row.places)
    row.done()
    return made


def objective(row: Reader) -> ObjectiveSource:
    made = ObjectiveSource(row.text("key"), row.text("text"), row.text("text_en"), row.places)
    row.done()
    return made


def fact(key: str, row: Reader) -> FactSource:
    parameter = row.flag("parameter", False)
    made = FactSource(
        key=key,
        label=row.text("label"),
        value="" if parameter else row.text("value"),
        number=row.number("number", None),
        unit=row.text("unit", ""),
        source="" if parameter else row.text("source"),
        date=None if parameter else row.day("date"),
        mark="" if parameter else row.text("mark"),
        review=None if parameter else row.day("review"),
        parameter=parameter,
        hint=row.text("hint") if parameter else "",
        places=row.places,
    )
    row.done()
    return made


def word(row: Reader) -> WordSource:
    term = row.text("term")
    made = WordSource(
        Word(
            key=re.sub(r"[^a-z0-9]+", "-", fold(term)).strip("-"),
            term=term,
            forms=row.texts("forms", ()),
            explanation=row.text("explanation"),
        ),
        sector=row.text("sector", ""),
        places=row.places,
    )
    row.done()
    return made


KINDS: dict[str, Callable[[str, Reader, Body, str], ItemSource | TestSource]] = {
    "lesson": lesson,
    "quiz": quiz,
    "brief": brief,
    "test": test,
}

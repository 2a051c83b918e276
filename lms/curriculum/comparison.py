"""What differs between two published versions, item by item and line by line."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import unified_diff
from enum import StrEnum
from typing import Any

from lms.curriculum.models import Brief, CourseFact, CourseVersion, KnowledgeTest, Lesson, Quiz
from lms.curriculum.questions import AnyQuestion


class Change(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True)
class ItemChange:
    """One item that is not the same in both versions. `lines` begin with "+", "-", "@" or a space."""

    key: str
    title: str
    change: Change
    lines: tuple[str, ...]


Texts = dict[str, tuple[str, str]]


def compare(old: Texts, new: Texts) -> list[ItemChange]:
    """`old` and `new` give the title and the text of every item by its key."""
    changes = []
    for key in [*new, *(key for key in old if key not in new)]:
        title, before, after = (new.get(key) or old[key])[0], old.get(key), new.get(key)
        if before == after:
            continue
        change = Change.ADDED if before is None else Change.REMOVED if after is None else Change.CHANGED
        changes.append(ItemChange(key, title, change, tuple(_lines(before, after))))
    return changes


def _lines(before: tuple[str, str] | None, after: tuple[str, str] | None) -> Iterator[str]:
    old, new = ((text[1].split("\n") if text else []) for text in (before, after))
    difference = unified_diff(old, new, lineterm="", n=2)
    return (line for line in difference if not line.startswith(("---", "+++")))


def texts_of(version: CourseVersion) -> Texts:
    """Everything people see of a version as plain text, in the order in which it is taught."""
    texts: Texts = {"course": (version.title, _course_text(version))}
    for week in version.week_rows:
        texts[f"week-{week.number:02}"] = (week.title, "\n".join(_words(week) + ["", week.summary]))
        texts |= {lesson.slug: (lesson.title, _lesson_text(lesson)) for lesson in week.lessons}
        if week.quiz:
            texts[week.quiz.slug] = (week.quiz.title, _quiz_text(week.quiz))
        if week.brief:
            texts[week.brief.slug] = (week.brief.title, _brief_text(week.brief))
    for milestone in version.milestones:
        terms = (milestone.week_number, milestone.proof, milestone.orders, milestone.months_after)
        shown = " · ".join(str(term) for term in terms if term is not None)
        texts[f"milestone {milestone.code}"] = (
            milestone.title,
            f"{milestone.title}\n{shown}\n{milestone.description}",
        )
    for practice in version.practices:
        texts[f"practice {practice.key}"] = (practice.text, f"{practice.area}: {practice.text}")
    for objective in version.objectives:
        texts[f"objective {objective.key}"] = (objective.text, f"{objective.text}\n{objective.text_en}")
    texts |= {f"test {test.form}": (test.title, _test_text(test)) for test in version.tests}
    texts |= {f"fact {fact.key}": (fact.label, _fact_text(fact)) for fact in version.facts}
    return texts


def _words(item) -> list[str]:
    """The title in both languages, and what an item is about in English."""
    return [item.title, item.title_en, item.summary_en]


def _fact_text(fact: CourseFact) -> str:
    shown = (
        fact.label,
        fact.value,
        fact.unit,
        fact.source,
        fact.read_on,
        fact.mark,
        fact.review_on,
        fact.hint,
    )
    return "\n".join(str(part) for part in shown if part)


def _course_text(version: CourseVersion) -> str:
    terms = f"{version.hours} h · {version.weeks} · {version.final_quiz_slug}"
    return f"{version.title}\n{terms}\n\n{version.summary}"


def _lesson_text(lesson: Lesson) -> str:
    head = [*_words(lesson), f"{lesson.minutes} min{' · optional' * lesson.optional}", lesson.key_idea]
    parts = ["\n".join(head), lesson.source, _bullets(lesson.checklist)]
    if lesson.question:
        parts.append(_question_text(lesson.question))
    parts.extend(_tool_text(row) for row in lesson.tools)
    return "\n\n".join(parts)


def _tool_text(row: dict) -> str:
    numbers = ", ".join(f"{name} = {number}" for name, number in row["example"].items())
    return f"{row['tool']}: {numbers}"


def _quiz_text(quiz: Quiz) -> str:
    head = "\n".join([*_words(quiz), f"{quiz.ask} · {quiz.pass_percent}%", "", quiz.body.striptags()])
    return "\n\n".join([head, *(_question_text(row) for row in quiz.questions)])


def _test_text(test: KnowledgeTest) -> str:
    head = "\n".join([*_words(test), "", test.body.striptags()])
    asked = (f"{row.objective}: {_question_text(row)}" for row in test.questions)
    return "\n\n".join([head, *asked])


def _question_text(question: AnyQuestion) -> str:
    head = question.prompt if question.kind == "single" else f"{question.prompt} ({question.kind})"
    return "\n".join([head, *map(_option_text, question.options), *_terms_text(question.terms)])


def _option_text(option: Mapping[str, Any]) -> str:
    if "right" not in option:
        return " = ".join(filter(None, (option["text"], option.get("partner"))))
    shown = option["text"] if "text" in option else f"{option['picture']['src']}: {option['alt']}"
    return f"{'[x]' if option['right'] else '[ ]'} {shown} ({option['reason']})"


def _terms_text(terms: Mapping[str, Any]) -> Iterator[str]:
    if "value" in terms:
        yield f"{terms['value']} ± {terms['tolerance']} {terms['unit']}"
    if "if_right" in terms:
        yield f"[x] {terms['if_right']}"
        for row in terms.get("mistakes", ()):
            yield f"[ ] {row.get('value', row.get('text'))} ({row['reason']})"
        yield f"[ ] {terms['if_wrong']}"


def _brief_text(brief: Brief) -> str:
    head = [
        *_words(brief),
        f"{brief.minutes} min{' · optional' * (not brief.required)}",
        brief.product,
        brief.who,
    ]
    slots = [
        f"{slot['title']} ({slot['kind']}{', optional' * (not slot['required'])}): {slot['hint']}"
        for slot in brief.slots
    ]
    rubric = ["\n".join([row["criterion"], _bullets(row["levels"])]) for row in brief.rubric]
    labels = [label for label in (brief.text_label, brief.link_label) if label]
    examples = [f"+ {brief.good_example}", f"- {brief.poor_example}", brief.look_for]
    return "\n\n".join(
        [
            "\n".join(head),
            brief.source,
            _bullets([*labels, *slots]),
            *rubric,
            _bullets(brief.checklist),
            *examples,
        ]
    )


def _bullets(texts: list[str]) -> str:
    return "\n".join(f"- {text}" for text in texts)

"""Everything that is wrong with the courses, all at once, with file, line and what to do about it."""

import re
from collections.abc import Callable

from lms.curriculum.heads import Problem
from lms.curriculum.item_checks import Found, item_problems, same_twice
from lms.curriculum.question_checks import question_problems
from lms.curriculum.shapes import (
    CourseSource,
    MilestoneSource,
    TestSource,
)
from lms.foundation.i18n import gettext as _

LARGEST_PICTURE = 15 * 1024
MOST_WEEKS = 52
TEST_FORMS = ("A", "B")

SECTORS = ("fashion", "footwear", "furniture")
PROOFS = ("baseline", "claim", "first_sale", "orders", "graduation", "followup")
MARKS = ("S", "C", "K")

_SVG_DANGER = re.compile(
    rb"(?i)<\s*(script|foreignObject|iframe)\b|\son\w+\s*=|(?:href|src)\s*=\s*[\"'](?!#)"
)


def problems(courses: list[CourseSource]) -> list[Problem]:
    """Every problem of every course, in the order of files and lines; an empty list may be published."""
    found = set(same_twice((course.slug, course.places, "slug") for course in courses))
    found.update(_glossary(courses))
    for course in courses:
        found.update(course.problems)
        if not course.slug:  # its course.toml could not be read, or says too little
            continue
        for check in _COURSE_CHECKS:
            found.update(check(course))
        for item in course.items:
            found.update(item_problems(item, course))
    return sorted(found)


def _head_of_course(course: CourseSource) -> Found:
    if course.sector and course.sector not in SECTORS:
        yield course.places.problem(
            _("Use one of these sectors: %(names)s.", names=", ".join(SECTORS)), "sector"
        )
    if not 1 <= course.weeks <= MOST_WEEKS:
        yield course.places.problem(_("A course has 1 to %(most)s weeks.", most=MOST_WEEKS), "weeks")
    if course.hours < 1:
        yield course.places.problem(_("Say how many hours the course takes: at least 1."), "hours")
    quizzes = {week.quiz.slug for week in course.week_rows if week.quiz}
    if course.final_quiz and course.final_quiz not in quizzes:
        message = _(
            'There is no quiz "%(final_quiz)s": write it or name another.', final_quiz=course.final_quiz
        )
        yield course.places.problem(message, "final_quiz")


def _weeks(course: CourseSource) -> Found:
    numbers = [week.number for week in course.week_rows]
    for position, week in enumerate(course.week_rows):
        if not 0 <= week.number <= course.weeks:
            yield week.places.problem(
                _("Week %(number)s is outside 0 to %(weeks)s.", number=week.number, weeks=course.weeks),
                "number",
            )
        if week.number in numbers[:position]:
            yield week.places.problem(
                _("Week %(number)s is named twice: keep one.", number=week.number), "number"
            )
    wanted = range(min(course.weeks, MOST_WEEKS) + 1)
    missing = [str(number) for number in wanted if number not in numbers]
    if missing:
        yield course.places.problem(
            _("Name every week: there is no [[week]] for %(names)s.", names=", ".join(missing)), "weeks"
        )


def _milestones(course: CourseSource) -> Found:
    yield from same_twice((row.code, row.places, "code") for row in course.milestones)
    for row in course.milestones:
        if not 0 <= row.week <= course.weeks:
            yield row.places.problem(
                _("Week %(number)s is outside 0 to %(weeks)s.", number=row.week, weeks=course.weeks), "week"
            )
        if row.proof and row.proof not in PROOFS:
            yield row.places.problem(
                _("Use one of these proofs: %(names)s.", names=", ".join(PROOFS)), "proof"
            )
        yield from _number_of_proof(row, "orders", row.orders, row.proof == "orders")
        yield from _number_of_proof(row, "months_after", row.months_after, row.proof == "followup")


def _number_of_proof(row: MilestoneSource, key: str, number: int | None, wanted: bool) -> Found:
    if wanted and (number is None or number < 1):
        yield row.places.problem(
            _('The proof "%(proof)s" needs %(key)s: a whole number from 1.', proof=row.proof, key=key), key
        )
    if number is not None and not wanted:
        yield row.places.problem(
            _('The proof "%(proof)s" has no %(key)s: take it out.', proof=row.proof, key=key), key
        )


def _practices(course: CourseSource) -> Found:
    yield from same_twice((row.key, row.places, "key") for row in course.practices)


def _slugs(course: CourseSource) -> Found:
    seen: set[str] = set()
    for item in course.items:
        if item.slug in seen:
            yield Problem(
                *item.places.own,
                _('There is another item "%(slug)s": rename one of the files.', slug=item.slug),
            )
        seen.add(item.slug)


def _objectives_and_tests(course: CourseSource) -> Found:
    """A test comes in two forms, and each of them asks for every objective once."""
    yield from same_twice((row.key, row.places, "key") for row in course.objectives)
    yield from same_twice((test.form, test.places, "form") for test in course.tests)
    wanted = [row.key for row in course.objectives]
    for test in course.tests:
        yield from _test(test, wanted)
    forms = {test.form for test in course.tests}
    if forms and forms != set(TEST_FORMS):
        first = course.tests[0].places
        yield first.problem(_("A test has two forms: write test-a.md with form A and test-b.md with form B."))
    if bool(course.objectives) != bool(course.tests):
        yield course.places.problem(_("Objectives and tests go together: write both."), "objectives")


def _test(test: TestSource, objectives: list[str]) -> Found:
    if test.form and test.form not in TEST_FORMS:
        yield test.places.problem(
            _("Use one of these forms: %(names)s.", names=", ".join(TEST_FORMS)), "form"
        )
    asked = [question.objective for question in test.questions]
    for position, question in enumerate(test.questions):
        yield from question_problems(question)
        if question.kind != "single":
            yield question.places.problem(_('A test asks with kind = "single" only.'), "kind")
        if question.objective not in objectives:
            message = _(
                'course.toml names no objective "%(objective)s": correct it, or add it there.',
                objective=question.objective,
            )
            yield question.places.problem(message, "objective")
        elif question.objective in asked[:position]:
            message = _(
                'The objective "%(objective)s" is asked for twice in this form: keep one.',
                objective=question.objective,
            )
            yield question.places.problem(message, "objective")
    missing = [key for key in objectives if key not in asked]
    if missing:
        yield test.places.problem(_("This form has no question for: %(names)s.", names=", ".join(missing)))


def _facts(course: CourseSource) -> Found:
    for fact in course.facts:
        if fact.mark and fact.mark not in MARKS:
            yield fact.places.problem(_("Use one of these marks: %(names)s.", names=", ".join(MARKS)), "mark")


def _figures(course: CourseSource) -> Found:
    for figure in course.figures:
        if len(figure.content) > LARGEST_PICTURE:
            message = _(
                "This picture weighs %(number)s KB: make it at most 15.", number=len(figure.content) // 1024
            )
            yield Problem(figure.file, 1, message)
        if figure.media_type == "image/svg+xml" and _SVG_DANGER.search(figure.content):
            message = _(
                "Take scripts, event handlers, foreign objects and outside links out of this drawing."
            )
            yield Problem(figure.file, 1, message)


def _glossary(courses: list[CourseSource]) -> Found:
    """The words that the courses explain: each once, of a known sector, and used by a lesson."""
    words = courses[0].glossary if courses else ()
    yield from same_twice(
        (form.casefold(), word.places, "term")
        for word in words
        for form in (word.word.term, *word.word.forms)
    )
    # One course alone cannot tell: another may use what it does not.
    used = {word.word.key for course in courses for word in course.words}
    for word in words:
        if word.sector and word.sector not in SECTORS:
            yield word.places.problem(
                _("Use one of these sectors: %(names)s.", names=", ".join(SECTORS)), "sector"
            )
        elif len(courses) > 1 and word.word.key not in used:
            yield word.places.problem(
                _('No lesson uses "%(term)s": take it out, or correct its forms.', term=word.word.term),
                "term",
            )


_COURSE_CHECKS: tuple[Callable[[CourseSource], Found], ...] = (
    _head_of_course,
    _weeks,
    _milestones,
    _practices,
    _slugs,
    _objectives_and_tests,
    _facts,
    _figures,
)

"""The glossary of the courses: its mistakes are found, and a published lesson explains its words."""

import pytest
from sqlalchemy import select

from lms.curriculum import checks, publishing
from lms.curriculum.models import CourseVersion, CourseWord, Lesson
from lms.foundation.db import db

GLOSSARY = """[[words]]
term = "banco"
forms = ["bancos"]
explanation = "Donde está tu cuenta."

[[words]]
term = "suela"
explanation = "La parte de abajo."
sector = "footwear"
"""


@pytest.fixture
def glossary(folders):
    folders.write("glossary.toml", GLOSSARY)
    return folders


def found(folders):
    root = f"{folders.root.as_posix()}/"
    return [str(problem).removeprefix(root) for problem in checks.problems(folders.read())]


def test_a_good_glossary_has_no_problems(glossary):
    assert found(glossary) == []


@pytest.mark.parametrize(
    "old, new, line, message",
    [
        ('explanation = "Donde está tu cuenta."\n', "", ":1: ", '"explanation" is missing'),
        ('explanation = "Donde está tu cuenta."', 'explanation = " "', ":4: ", "is empty"),
        ('term = "banco"', 'terms = "banco"', ":2: ", '"terms" is no key'),
        ('["bancos"]', '"bancos"', ":3: ", "must be a list"),
        ('sector = "footwear"', 'sector = "shoes"', ":9: ", "one of these sectors"),
        ('term = "suela"', 'term = "bancos"', ":7: ", "is taken"),
        ('term = "suela"', 'term = "cremallera"', ":7: ", 'No lesson uses "cremallera"'),
        ('sector = "footwear"', 'sector = "furniture"', ":7: ", 'No lesson uses "suela"'),
        ("[[words]]\n", "[words]\n", ":", "TOML"),
        ("[[words]]", 'color = "x"\n[[words]]', ":1: ", '"color" is no key'),
    ],
)
def test_a_mistake_is_found_with_its_line(glossary, old, new, line, message):
    text = GLOSSARY.replace(old, new, 1)
    assert text != GLOSSARY
    glossary.write("glossary.toml", text)
    assert any(one.startswith(f"glossary.toml{line}") and message in one for one in found(glossary)), found(
        glossary
    )


def test_one_course_alone_cannot_tell_which_words_are_idle(glossary):
    assert checks.problems([glossary.read_one("fashion")]) == []


def test_a_course_explains_only_words_that_its_lessons_use(app, glossary):
    results = publishing.publish(glossary.read())
    words = {
        result.version.course.slug: [
            word.term
            for word in db.session.scalars(select(CourseWord).filter_by(version_id=result.version.id))
        ]
        for result in results
    }
    assert words == {"fashion": ["banco"], "footwear": ["banco", "suela"]}
    html = {
        slug: db.session.scalar(
            select(Lesson.html).join(CourseVersion).where(CourseVersion.id == result.version.id)
        )
        for slug, result in zip(words, results, strict=True)
    }
    assert "word-suela" in html["footwear"] and "word-suela" not in html["fashion"]
    assert "Donde está tu cuenta." in html["fashion"] and "Palabras de esta lección" in html["fashion"]


def test_another_explanation_is_another_version(app, glossary):
    publishing.publish(glossary.read())
    assert not any(result.is_new for result in publishing.publish(glossary.read()))
    glossary.replace("glossary.toml", "La parte de abajo.", "La que pisa.")
    assert [result.is_new for result in publishing.publish(glossary.read())] == [False, True]

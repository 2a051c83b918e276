"""Publishing makes versions that never change, and tells what differs between them."""

import pytest

from lms import events
from lms.curriculum import publishing, services
from lms.curriculum.models import CourseVersion, CurriculumFigure, Lesson
from lms.events import listening
from lms.foundation.db import db, transaction
from lms.foundation.errors import Refused


@pytest.fixture
def publish(app, folders):
    def publish():
        with transaction():
            return publishing.publish(folders.read())

    return publish


def lesson_of(version: CourseVersion) -> Lesson:
    return version.week_rows[1].lessons[0]


def test_what_was_written_is_what_is_published(publish):
    results = publish()
    assert [(result.version.course.slug, result.version.number) for result in results] == [
        ("fashion", 1),
        ("footwear", 1),
    ]
    version = services.current_version("fashion")
    assert (version.weeks, version.final_quiz_slug, version.hours) == (1, "week-01/quiz", 64)
    week = version.week_rows[1]
    assert week.quiz.questions[0].options[0] == {
        "text": "Tres",
        "right": True,
        "reason": "Frente, lado y detalle.",
    }
    assert week.brief.slots[0]["key"] == "frente" and len(week.brief.rubric[0]["levels"]) == 4
    assert week.brief.body == "<ol><li>Toma tres fotos.</li></ol>"
    assert version.milestones[0].code == "M0" and version.practices[0].key == "registra-ventas"
    assert week.lessons[0].check["options"][1]["reason"] == "Aplana el producto."


def test_a_lesson_is_rendered_with_links_and_pictures_of_its_version(publish):
    publish()
    lesson = lesson_of(services.current_version("fashion"))
    figure = db.session.query(CurriculumFigure).one()
    assert 'href="/learning/items/week-01/brief"' in lesson.body
    assert f'src="/curriculum/figures/{figure.sha256}.svg"' in lesson.body
    assert 'width="40"' in lesson.body and "Plancha la blusa." in lesson.body and "suela" not in lesson.body
    assert lesson.kilobytes == 1


def test_publishing_the_same_text_again_changes_nothing(publish):
    first = [result.version.id for result in publish()]
    again = publish()
    assert [result.version.id for result in again] == first
    assert not any(result.is_new for result in again)


def test_a_changed_text_is_a_new_version_and_the_old_one_stays(publish, folders):
    publish()
    folders.replace("fashion/week-01/brief.md", "Toma tres fotos.", "Toma cuatro fotos.")
    assert [result.is_new for result in publish()] == [True, False]
    new = services.current_version("fashion")
    old = services.earlier_version(new)
    assert (old.number, new.number) == (1, 2)
    assert "tres" in old.week_rows[1].brief.body and "cuatro" in new.week_rows[1].brief.body
    assert [version.number for version in services.versions()] == [2, 1, 1]


def test_one_problem_anywhere_keeps_everything_from_being_published(publish, folders):
    folders.replace("footwear/week-01/quiz.md", 'text = "Tres"\nright = true', 'text = "Tres"')
    with pytest.raises(Refused) as refusal:
        publish()
    assert len(refusal.value.problems) == 1
    assert services.versions() == [] and services.courses() == []


def test_the_publisher_is_remembered_and_told(app, cast, folders, monkeypatch):
    heard = []
    monkeypatch.setattr(listening, "_tables", [{events.CoursePublished: [heard.append]}])
    result = publishing.publish(folders.read(), by=cast.lead)[0]
    assert result.version.published_by_id == cast.lead.id
    assert (heard[0].actor_id, heard[0].course_version_id) == (cast.lead.id, result.version.id)
    assert publishing.publish(folders.read())[0].is_new is False and len(heard) == 2


def test_the_difference_names_each_item_with_its_lines(publish, folders):
    publish()
    old = services.current_version("fashion")
    folders.replace("fashion/week-01/brief.md", "Toma tres fotos.", "Toma cuatro fotos.")
    folders.write("fashion/week-01/02-fondo.md", '+++\ncore = "week-01/fotos"\ntitle = "Fondo"\n+++\n')
    folders.replace("fashion/course.toml", "registra-ventas", "anota-ventas")
    publish()
    changes = {change.key: change for change in services.diff(old, services.current_version("fashion"))}
    assert {key: change.change.value for key, change in changes.items()} == {
        "week-01/brief": "changed",
        "week-01/fondo": "added",
        "practice anota-ventas": "added",
        "practice registra-ventas": "removed",
    }
    lines = changes["week-01/brief"].lines
    assert "-1. Toma tres fotos." in lines and "+1. Toma cuatro fotos." in lines


def test_milestones_come_in_the_order_in_which_they_are_due(publish, folders):
    extra = (
        '[[milestones]]\ncode = "A1"\nweek = 1\ntitle = "Cuenta"\ndescription = "Lista."\nproof = "claim"\n'
    )
    folders.replace("fashion/course.toml", "[[practices]]", f"{extra}[[practices]]")
    publish()
    version = services.current_version("fashion")
    assert [row.code for row in services.milestones_of_version(version.id)] == ["M0", "A1"]
    assert services.milestone_titles(version.id) == {"M0": "Línea base", "A1": "Cuenta"}


def test_the_contents_of_a_version_take_a_fixed_number_of_questions(publish, folders, count_queries):
    for number in range(2, 9):
        folders.write(f"fashion/week-01/{number:02}-f-{number}.md", '+++\ncore = "week-01/fotos"\n+++\n')
    publish()
    version = services.current_version("fashion")
    with count_queries() as queries:
        whole = services.contents(version)
        assert sum(len(week.lessons) for week in whole.week_rows) == 8
        assert all(week.quiz is None or week.quiz.questions for week in whole.week_rows)
    assert len(queries) <= 7

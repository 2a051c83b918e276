"""Course folders are read as their authors wrote them."""

from lms.curriculum.shapes import content_hash


def test_a_course_is_read_with_its_weeks_and_items(folders):
    course = folders.read_one()
    assert [item.slug for item in course.items] == ["week-01/fotos", "week-01/quiz", "week-01/brief"]
    assert [week.number for week in course.week_rows] == [0, 1]
    assert course.week_rows[1].quiz.pass_percent == 70
    assert course.week_rows[1].brief.slots[0].kind == "photo" and course.problems == ()


def test_the_core_is_no_course_of_its_own(folders):
    assert [course.slug for course in folders.read()] == ["fashion", "footwear"]


def test_each_sector_reads_its_own_insert(folders):
    assert "Plancha la blusa." in folders.read_one("fashion").items[0].body.text
    shoes = folders.read_one("footwear").items[0].body.text
    assert "Limpia la suela." in shoes and "blusa" not in shoes and "sector" not in shoes


def test_facts_are_put_into_the_text_and_known_as_used(folders):
    course = folders.read_one()
    assert "cobra 15 % por venta" in course.items[0].body.text
    assert [fact.key for fact in course.facts] == ["comision"]


def test_facts_are_put_into_heads_too(folders):
    folders.replace("core/week-01/fotos.md", "La luz llega de lado.", "Cobran {fact:comision}.")
    assert folders.read_one().items[0].key_idea == "Cobran 15 %."


def test_a_course_may_change_keys_of_a_core_file(folders):
    folders.write(
        "fashion/week-01/01-fotos.md", '+++\ncore = "week-01/fotos"\ntitle = "Fotos de ropa"\n+++\n'
    )
    lesson = folders.read_one().items[0]
    assert lesson.title == "Fotos de ropa" and lesson.minutes == 8 and "Hazlo así" in lesson.body.text


def test_a_course_may_replace_the_text_of_a_core_file(folders):
    folders.write("fashion/week-01/01-fotos.md", '+++\ncore = "week-01/fotos"\n+++\nOtro texto.\n')
    assert folders.read_one().items[0].body.text == "Otro texto."


def test_pictures_come_from_the_course_before_the_core(folders):
    folders.write("fashion/figures/mesa.svg", "<svg></svg>")
    assert folders.read_one("fashion").figures[0].content == b"<svg></svg>"
    assert b"viewBox" in folders.read_one("footwear").figures[0].content


def test_the_digest_follows_what_people_see_and_nothing_else(folders):
    before = content_hash(folders.read_one())
    folders.replace("fashion/week-01/brief.md", "+++\nkind", "+++\n# a remark\nkind")
    folders.replace("facts.toml", "number = 15\n", "number = 15\n# otra nota\n")
    folders.write("core/figures/otra.svg", "<svg/>")
    assert content_hash(folders.read_one()) == before
    for name, old, new in (
        ("fashion/week-01/brief.md", "Se ve la costura.", "Se ve el hilo."),
        ("facts.toml", "15 %", "16 %"),
        ("facts.toml", "Mercado Libre", "Mercado Libre, tarifas"),
        ("core/figures/mesa.svg", "M0 0", "M1 1"),
        ("fashion/course.toml", "Registramos", "Anotamos"),
    ):
        folders.replace(name, old, new)
        after = content_hash(folders.read_one())
        assert after != before
        before = after

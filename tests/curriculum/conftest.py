"""Small course folders to read, break and publish."""

from pathlib import Path

import pytest

from lms.curriculum import source

COURSE = """slug = "{sector}"
sector = "{sector}"
title = "Ropa"
summary = "Dieciséis semanas."
hours = 64
weeks = 1
final_quiz = "week-01/quiz"
[[week]]
number = 0
title = "Línea base"
summary = "Antes de empezar."
title_en = "Baseline"
summary_en = "Before you begin."
[[week]]
number = 1
title = "Fotos"
summary = "Fotos que venden."
title_en = "Photos"
summary_en = "Photos that sell."
[[milestones]]
code = "M0"
week = 0
title = "Línea base"
description = "Tus ventas de antes."
proof = "baseline"
[[practices]]
key = "registra-ventas"
area = "ventas"
text = "Registramos cada venta."
"""

LESSON = """+++
kind = "lesson"
title = "Fotos con luz"
title_en = "Photos with light"
summary_en = "Use the light of a window."
minutes = 8
key_idea = "La luz llega de lado."
checklist = ["Ventana", "Cartulina", "Lente limpio"]
[check]
prompt = "¿De dónde viene la luz?"
[[check.options]]
text = "De la ventana"
right = true
reason = "Así se ve la textura."
[[check.options]]
text = "Del flash"
reason = "Aplana el producto."
+++
## Hazlo así

El banco cobra {fact:comision} por venta. Sigue con [la tarea](item:week-01/brief).

::: sector fashion
Plancha la blusa.
:::
::: sector footwear
Limpia la suela.
:::

![Una mesa junto a la ventana](figures/mesa.svg)
"""

QUIZ = """+++
kind = "quiz"
title = "Prueba de fotos"
title_en = "Quiz: photos"
summary_en = "How many photos, and which."
ask = 1
[[questions]]
prompt = "¿Cuántas fotos?"
[[questions.options]]
text = "Tres"
right = true
reason = "Frente, lado y detalle."
[[questions.options]]
text = "Una"
reason = "No alcanza."
[[questions]]
prompt = "¿Qué fondo usas?"
[[questions.options]]
text = "Uno con flores"
reason = "Se lleva la mirada."
[[questions.options]]
text = "Uno blanco"
right = true
reason = "Se ve el producto."
+++
Una pregunta.
"""

BRIEF = """+++
kind = "brief"
title = "Toma tres fotos"
title_en = "Take three photos"
summary_en = "Three photos ready to publish."
minutes = 20
product = "Tres fotos listas para publicar"
who = "Quien tenga el celular"
checklist = ["La luz está muy bien."]
good_example = "Se ve la costura."
poor_example = "Está oscura."
look_for = "La luz."
[[slots]]
key = "frente"
title = "Foto de frente"
[[rubric]]
criterion = "Luz"
levels = ["Oscura", "Amarilla", "Bien", "Muy bien"]
[[rubric]]
criterion = "Fondo"
levels = ["Sucio", "Con cosas", "Limpio", "Blanco"]
[[rubric]]
criterion = "Detalle"
levels = ["No", "Poco", "Sí", "Muy claro"]
+++
1. Toma tres fotos.
"""

FACTS = """[comision]
label = "Comisión por venta"
value = "15 %"
number = 15
unit = "%"
source = "Mercado Libre"
date = 2026-11-01
mark = "S"
review = 2027-05-01
"""

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 30"><path d="M0 0"/></svg>'


class CourseFolders:
    """A folder with two courses that share a lesson; `write` and `replace` change its files."""

    def __init__(self, root: Path):
        self.root = root
        self.write("facts.toml", FACTS)
        self.write("core/week-01/fotos.md", LESSON)
        self.write("core/figures/mesa.svg", SVG)
        for sector in ("fashion", "footwear"):
            self.write(f"{sector}/course.toml", COURSE.format(sector=sector))
            self.write(f"{sector}/week-01/01-fotos.md", '+++\ncore = "week-01/fotos"\n+++\n')
            self.write(f"{sector}/week-01/quiz.md", QUIZ)
            self.write(f"{sector}/week-01/brief.md", BRIEF)

    def write(self, name: str, text: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")

    def replace(self, name: str, old: str, new: str) -> None:
        text = (self.root / name).read_text("utf-8")
        assert old in text
        self.write(name, text.replace(old, new))

    def read(self):
        return source.read_all(self.root)

    def read_one(self, slug: str = "fashion"):
        return next(course for course in self.read() if course.slug == slug)


@pytest.fixture
def folders(tmp_path) -> CourseFolders:
    return CourseFolders(tmp_path / "courses")

"""How texts are weighed, and what the report of a course finds."""

import json

import pytest

from lms.curriculum import prose


def test_ease_follows_the_formula_of_szigriszt_pazos() -> None:
    found = prose.ease(["La casa es roja. Mide la tela."])
    assert (found.words, found.sentences, found.syllables) == (7, 2, 11)
    assert found.index == pytest.approx(206.835 - 62.3 * 11 / 7 - 7 / 2)


def test_headings_and_entries_are_sentences_and_tables_are_none() -> None:
    assert prose.sentences("## Antes de cortar") == ["Antes de cortar"]
    assert prose.sentences("- Mide **dos** veces. Corta una.") == ["Mide dos veces.", "Corta una."]
    assert prose.sentences("| Talla | Pecho |") == []
    assert prose.sentences("::: example Lupe") == []
    assert prose.sentences("![La mesa](mesa.svg)") == []


def test_words_of_other_languages_are_counted_too() -> None:
    assert prose.ease(["Manda el catálogo por WhatsApp y sube el video a Facebook."]).words == 11


def test_forbidden_words_are_whole_words() -> None:
    assert prose.forbidden("Da clic en tu módulo.") == ["clic", "módulo"]
    assert prose.forbidden("El cliente vio el bicicletero.") == []


def test_the_report_counts_and_says_what_is_missing(app, folders) -> None:
    answer = app.test_cli_runner().invoke(args=["curriculum", "check", str(folders.root), "--json"])
    found = json.loads(answer.output)
    fashion = next(row for row in found["courses"] if row["slug"] == "fashion")
    assert answer.exit_code == 1
    assert (fashion["lessons"], fashion["quizzes"], fashion["questions"], fashion["briefs"]) == (1, 1, 2, 1)
    assert "faltan partes" in found["missed"]["fashion"]
    assert any("no tiene prueba" in row["message"] for row in fashion["incomplete"])
    assert found["problems"] == []


def test_words_that_the_courses_do_not_use_are_found_with_file_and_line(app, folders) -> None:
    folders.replace("core/week-01/fotos.md", "La luz llega de lado.", "Da clic en la luz.")
    answer = app.test_cli_runner().invoke(args=["curriculum", "check", str(folders.root), "--report"])
    assert "Dilo de otro modo: clic." in answer.output
    assert "FALTA en fashion:" in answer.output


def test_a_typed_fact_is_found(app, folders) -> None:
    folders.replace("facts.toml", 'value = "15 %"', 'value = "dieciocho por ciento"')
    folders.replace("core/week-01/fotos.md", "## Hazlo así", "## Hazlo así\n\nCobran dieciocho por ciento.")
    answer = app.test_cli_runner().invoke(args=["curriculum", "check", str(folders.root), "--report"])
    assert "Escribe {fact:comision} en lugar de su valor." in answer.output

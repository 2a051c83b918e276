"""Stems: what the published algorithm says, without accents."""

import pytest

from lms.curriculum.stems import fold, stem, stems

# Out of the sample vocabulary at https://snowballstem.org/algorithms/spanish/stemmer.html
PUBLISHED = {
    "chec": "checa checar checo",
    "chequ": "cheque cheques",
    "cheque": "chequeo",
    "chiapanec": "chiapaneca",
    "chicharron": "chicharrones",
    "tor": "torá toro toros toreado toreados torear toreara toreándolo torearlo",
    "torax": "tórax",
    "torc": "torcer",
    "tore": "toreó",
    "torer": "torero toreros",
    "torment": "tormenta tormentas",
    "torn": "tornado tornados tornar tornen torno",
    "tornill": "tornillo tornillos",
    "torniquet": "torniquete",
    "torped": "torpedearon",
    "torpez": "torpeza",
    "torr": "torrado torre torres",
    "torrencial": "torrencial torrenciales",
    "torrent": "torrente",
}


@pytest.mark.parametrize("wanted", PUBLISHED)
def test_the_published_examples(wanted):
    for word in PUBLISHED[wanted].split():
        assert stem(fold(word)) == wanted, word


@pytest.mark.parametrize(
    "words",
    [
        "comision comisión comisiones COMISIÓN",
        "precio precios",
        "factura facturas facturar facturación",
        "envío envíos enviar envia",
        "paquete paquetes",
        "paquetería paqueterías PAQUETERIA",
        "claramente claro",
        "logística logísticas",
        "necesidad necesidades",
        "tecnología tecnologías",
        "distribución distribuciones",
        "siguen sigue",
    ],
)
def test_what_people_mean_by_one_word_has_one_stem(words):
    assert len({stem(fold(word)) for word in words.split()}) == 1


def test_words_that_tell_nothing_are_left_out_and_places_are_kept():
    text = "El precio de la chamarra"
    assert [text[begin:end] for _stem, begin, end in stems(text)] == ["precio", "chamarra"]


@pytest.mark.parametrize("text", ["", "¿?", "de la", "a", "ñ", "ué", "12 %", "٣"])
def test_the_shortest_texts_break_nothing(text):
    assert all(stem for stem, _begin, _end in stems(text))

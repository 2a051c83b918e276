"""The catalogues of all rooms are one, and an app finds it."""

from babel.messages.mofile import read_mo
from babel.support import Translations
from flask_babel import force_locale

from lms.foundation import i18n
from lms.foundation.i18n import compile_catalogues, gettext, read_catalogue


def test_the_catalogues_of_all_rooms_are_read_as_one():
    whole = read_catalogue()
    rooms = list(i18n.HOUSE.glob("*/translations/es_MX.po"))
    assert len(rooms) > 5
    for path in rooms:
        with path.open("rb") as stream:
            assert all(message.id in whole for message in i18n.read_po(stream) if message.id), path


def test_the_merged_catalogue_is_written_once_and_read_back(tmp_path):
    compile_catalogues.cache_clear()
    folder = compile_catalogues(tmp_path)
    target = folder / "es_MX" / "LC_MESSAGES" / "messages.mo"
    with target.open("rb") as stream:
        assert len(read_mo(stream)) >= len(read_catalogue()) - 1
    with target.open("rb") as stream:
        assert Translations(stream).gettext("Accessibility") == "Accesibilidad"
    written = target.stat().st_mtime_ns
    compile_catalogues.cache_clear()
    assert compile_catalogues(tmp_path) == folder and target.stat().st_mtime_ns == written
    assert not list(tmp_path.rglob("*.tmp"))


def test_words_are_spanish_by_default_and_english_for_who_chose_it(app):
    with app.test_request_context():
        assert gettext("Accessibility") == "Accesibilidad"
        with force_locale("en"):
            assert gettext("Accessibility") == "Accessibility"

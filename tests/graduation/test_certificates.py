"""Certificates cannot be forged, guessed or doubled."""

import threading
from concurrent.futures import ThreadPoolExecutor
from copy import copy
from datetime import date, timedelta

import pytest
from sqlalchemy import inspect

from lms.foundation.db import db, transaction
from lms.graduation import certificates, services
from lms.graduation.certificate import Wording, render
from lms.graduation.folios import new_folio, read_folio
from lms.graduation.models import Certificate, Decision, Verdict
from lms.graduation.signing import Keys
from tests.standing import deeds

WORDING = Wording(
    language="es",
    site_name="Pespunte",
    title="Constancia",
    given_to="a",
    people="",
    for_finishing="por",
    within="",
    details="",
    check_here="Revisa:",
    folio="Folio",
    signature="Firma",
)

CERTIFICATES = 500


@pytest.fixture
def keys(tmp_path):
    return Keys(tmp_path)


@pytest.fixture
def certificate(cast, keys):
    deeds.meet_every_rule(cast)
    return services.decide(cast.enrolment, Verdict.GRADUATED, by=cast.lead, keys=keys).certificate


def changed(value):
    """The same kind of value, a little different, in several ways."""
    if isinstance(value, str):
        return [value + " ", value[:-1], value.swapcase(), "x" + value[1:], ""]
    if isinstance(value, int):
        return [value + 1, -value, 0]
    if isinstance(value, list):
        return [[*value, "Otra"], value[1:], value[::-1], []]
    return [value + timedelta(days=1), value - timedelta(days=365)]


def test_every_single_change_of_any_signed_field_fails_the_check(certificate, keys):
    assert certificates.verify(certificate, keys)
    fields = {name: getattr(certificate, name) for name in (*certificates.SIGNED, "signature")}
    assert fields.keys() >= {c.key for c in inspect(Certificate).columns} - {
        "id",
        "revoked_at",
        "revoked_reason",
        "revoked_by_id",
    }
    tried = 0
    for name, value in fields.items():
        for other in changed(value):
            if other != value:
                forged = Certificate(**(fields | {name: other}))
                assert not certificates.verify(forged, keys), (name, other)
                tried += 1
    assert tried > 40


def fields_of(number):
    """What certificate number so-and-so says: each one something else."""
    return {
        "decision_id": number,
        "enrolment_id": 1000 + number,
        "firm_id": 2000 + number,
        "folio": new_folio(),
        "firm_name": f"Taller {number}",
        "people": [f"Rosa {number}", "Elías Ñandú"][: 1 + number % 2],
        "programme_name": f"Programa {number % 7}",
        "course_title": ["Moda y calzado", "Muebles"][number % 2],
        "hours": 60 + number % 9,
        "issued_on": date(2026, 1, 1) + timedelta(days=number),
    }


def test_each_field_of_five_hundred_certificates_is_under_the_signature(keys):
    """Every field to something else, one at a time; what two certificates exchange is a change as well."""
    made = []
    for number in range(CERTIFICATES):
        certificate = Certificate(**fields_of(number), key_id=keys.current_id())
        certificate.signature = keys.sign(certificates.signed_text(certificate))
        made.append(certificate)
    names = (*certificates.SIGNED, "signature")
    refused = 0
    for certificate, other in zip(made, [*made[1:], made[0]], strict=True):
        assert certificates.verify(certificate, keys)
        fields = {name: getattr(certificate, name) for name in names}
        for name in names:
            foreign = getattr(other, name)
            wrong = foreign if foreign != fields[name] else changed(fields[name])[0]
            assert not certificates.verify(Certificate(**(fields | {name: wrong})), keys), (name, wrong)
            refused += 1
    assert refused == CERTIFICATES * len(names) == 6000


def test_no_character_of_a_signature_may_change(certificate, keys):
    for place in range(len(certificate.signature)):
        for letter in "AZaz09-_=":
            if letter != certificate.signature[place]:
                forged = copy(certificate.signature)
                forged = forged[:place] + letter + forged[place + 1 :]
                assert not keys.verify(certificate.key_id, certificates.signed_text(certificate), forged)


def test_moving_a_comma_between_two_fields_is_a_change(certificate, keys):
    people = certificate.people
    certificate.people = [", ".join(people)]
    assert not certificates.verify(certificate, keys)
    certificate.people = people


def test_thirty_who_issue_at_once_make_one_folio(app, cast, keys):
    with transaction():
        deeds.meet_every_rule(cast)
        decision = services.decide(cast.enrolment, Verdict.GRADUATED, by=cast.lead, keys=keys)
        decision_id = decision.id
        db.session.delete(decision.certificate)
    together = threading.Barrier(30)

    def issue_once(_number):
        with app.app_context():
            together.wait()
            with transaction():
                mine = db.session.get_one(Decision, decision_id)
                return certificates.issue(mine, by=cast.lead, keys=keys).folio

    with ThreadPoolExecutor(30) as pool:
        folios = set(pool.map(issue_once, range(30)))
    assert len(folios) == 1
    assert db.session.query(Certificate).count() == 1


def test_a_thousand_guessed_folios_find_nothing(certificate):
    guesses = {new_folio() for _number in range(1000)}
    assert len(guesses) == 1000
    assert not any(certificates.find(guess) for guess in guesses)
    assert certificates.find(certificate.folio) is certificate


def test_a_folio_is_read_as_people_type_it(certificate):
    folio = certificate.folio
    for typed in (
        folio.lower(),
        folio.replace("-", ""),
        folio.replace("-", " "),
        f"  {folio} ",
        folio.replace("-", "–"),
    ):
        assert certificates.find(typed) is certificate
    assert read_folio("ABCDEFGHIJKLMNOPQRSTUVWXO0"[:26]) == read_folio("ABCDEFGHIJKLMNOPQRSTUVWXOO")
    for typed in ("", "-", folio[:-1], folio + "A", "%' OR 1=1 --", "é" * 26, "A" * 5000, "../" * 9):
        assert read_folio(typed) is None


def test_the_key_is_made_once_for_its_owner_alone(tmp_path):
    with ThreadPoolExecutor(8) as pool:
        ids = set(pool.map(lambda _n: Keys(tmp_path).current_id(), range(16)))
    assert len(ids) == 1
    assert (tmp_path / "certificate_key.pem").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_certificates_signed_by_an_earlier_key_still_hold(certificate, keys, tmp_path):
    (tmp_path / "certificate_key.pem").unlink()
    assert keys.current_id() != certificate.key_id
    assert certificates.verify(certificate, keys)
    assert not certificates.verify(certificate, Keys(tmp_path / "certificate_keys"))


def test_a_key_put_under_another_ones_name_proves_nothing(certificate, keys, tmp_path):
    foreign = Keys(tmp_path / "certificate_keys")
    signature = foreign.sign(certificates.signed_text(certificate))
    made = next((tmp_path / "certificate_keys" / "certificate_keys").iterdir())
    (tmp_path / "certificate_keys" / f"{certificate.key_id}.pem").write_bytes(made.read_bytes())
    assert not keys.verify(certificate.key_id, certificates.signed_text(certificate), signature)
    assert not keys.verify("../certificate_key", b"", signature)


def test_the_paper_is_the_same_to_the_byte_in_every_thread(certificate):
    with ThreadPoolExecutor(8) as pool:
        pages = set(pool.map(lambda _n: render(certificate, "https://example.org/c/X", WORDING), range(24)))
    assert len(pages) == 1
    assert next(iter(pages)).startswith(b"%PDF-")


@pytest.mark.parametrize(
    "name",
    [
        '#panic("no") $x$ *y* <script>alert(1)</script>',
        "😀 Calzado 中文 مرحبا",
        "\x07\u200b\ufeff",
        "Cooperativa " * 20,
        "A" * 300,
        "/etc/passwd",
    ],
)
def test_any_name_of_a_firm_makes_a_page_and_is_never_code(certificate, name):
    paper = Certificate(
        **{field: getattr(certificate, field) for field in (*certificates.SIGNED, "signature")}
        | {"firm_name": name, "people": [name] * 3, "course_title": name}
    )
    assert render(paper, "https://example.org/c/X", WORDING).startswith(b"%PDF-")

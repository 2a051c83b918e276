"""Tax numbers: what is kept, what is doubted, what is refused."""

import pytest

from lms.accounts.rfc import read_rfc
from lms.foundation.errors import Refused


@pytest.mark.parametrize(
    ("written", "kept", "doubtful"),
    [
        ("EKU9003173C9", "EKU9003173C9", False),
        (" eku-900317-3c9 ", "EKU9003173C9", False),
        ("H&E951128469", "H&E951128469", False),
        ("MCI7306249Y1", "MCI7306249Y1", True),
        ("AAA010101AAA", "AAA010101AAA", True),
    ],
)
def test_an_rfc_is_cleaned_and_its_check_digit_only_doubted(app, written, kept, doubtful):
    found = read_rfc(written)
    assert (found.number, found.doubtful) == (kept, doubtful)


@pytest.mark.parametrize("written", ["", "  ", " - "])
def test_no_rfc_is_no_rfc(app, written):
    assert read_rfc(written) is None


@pytest.mark.parametrize(
    "written",
    [
        "XAXX010101000",
        "xexx010101000",
        "VECJ880326",
        "EKU9013993C9",
        "HOLA",
        "BUEI901010AB1",
        "1234567890123",
    ],
)
def test_shared_short_and_impossible_ones_are_refused(app, written):
    with pytest.raises(Refused):
        read_rfc(written)

"""Months in few bytes say exactly what they said before."""

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from lms.reports.kept import Kept, kept
from lms.sales import months

WHOLE = st.decimals(min_value=0, max_value=10**12, places=2)
MONTHS = st.integers(0, 60).map(lambda at: months.shift(date(2020, 1, 1), at))


@given(st.dictionaries(MONTHS, st.none() | WHOLE))
def test_totals_are_the_same_when_they_are_kept(totals):
    found = kept(totals)
    assert found == totals
    assert list(found) == list(totals)
    assert not totals or isinstance(found, Kept)
    assert all(found.get(month) == sold for month, sold in totals.items())
    assert found.get(date(1999, 1, 1)) is None


def test_what_centavos_cannot_say_stays_as_it_is():
    for amount in ("0.005", "-0.01"):
        totals = {date(2026, 1, 1): Decimal(amount), date(2026, 2, 1): None}
        assert kept(totals) == totals
        assert not isinstance(kept(totals), Kept)

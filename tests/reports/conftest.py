"""What tests of reports begin with."""

import pytest

from lms.foundation.db import db
from tests import build
from tests.reports.past import PAST


@pytest.fixture
def past(cast):
    """A cohort of the first programme that ended long ago, without firms."""
    programme = db.session.merge(cast.programme)
    programme.report_public = True
    return build.cohort(programme, cast.version, "Primavera", starts_on=PAST)

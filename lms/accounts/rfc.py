"""The tax number of a firm (RFC): cleaned, checked as far as real ones allow, never a shared one."""

from dataclasses import dataclass

from stdnum.exceptions import ValidationError
from stdnum.mx import rfc as standard

from lms.foundation.errors import Refused
from lms.foundation.i18n import gettext as _

# "The general public" and "a foreigner": everybody may write them on an invoice, so they are nobody's own.
SHARED = ("XAXX010101000", "XEXX010101000")


@dataclass(frozen=True)
class Rfc:
    """A number to keep. `doubtful`: its check digit is off, as in one of seventy real ones: have a look."""

    number: str
    doubtful: bool


def read_rfc(text: str) -> Rfc | None:
    """The RFC that was written, None for an empty field; raises Refused when it cannot be a firm's."""
    number = standard.compact(text)
    if not number:
        return None
    if number in SHARED:
        raise Refused(
            _(
                "%(rfc)s is the RFC of the general public. Write the firm's own, or leave it empty.",
                rfc=number,
            )
        )
    if len(number) == 10:
        raise Refused(_("The RFC lacks its last 3 characters. It has 12 (company) or 13 (person)."))
    try:
        standard.validate(number, validate_check_digits=False)
    except ValidationError as wrong:
        raise Refused(
            _("“%(rfc)s” is not an RFC. It looks like EKU9003173C9.", rfc=text.strip()[:20])
        ) from wrong
    return Rfc(number, doubtful=not standard.is_valid(number, validate_check_digits=True))


def is_doubtful(text: str) -> bool:
    """Whether an RFC that may be kept should be looked at once more."""
    found = read_rfc(text)
    return found is not None and found.doubtful

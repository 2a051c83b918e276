"""The change of firms with less and with more help, in sentences."""

from collections.abc import Mapping
from typing import Any

from lms.foundation.i18n import gettext as _
from lms.web.templating import signed_percent


def dose(document: Mapping[str, Any]) -> list[str]:
    """Change by how much help was given, as description."""
    lines = []
    hours, adopted = document["dose"]["hours"], document["dose"]["practices"]
    if hours:
        lines.append(
            _(
                "Firms with up to %(middle)s hours with their mentor: %(less)s (%(few)s firms); with "
                "more: %(more)s (%(many)s firms).",
                **_halves(hours),
            )
        )
    if adopted:
        lines.append(
            _(
                "Firms with up to %(middle)s new practices: %(less)s (%(few)s firms); with more: "
                "%(more)s (%(many)s firms).",
                **_halves(adopted),
            )
        )
    if lines:
        lines.append(_("This only describes: who asks for more help may differ in other ways too."))
    return lines


def _halves(found: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "middle": f"{found['middle']:g}",
        "less": signed_percent(found["less"]["median_ratio"]),
        "few": found["less"]["firms"],
        "more": signed_percent(found["more"]["median_ratio"]),
        "many": found["more"]["firms"],
    }

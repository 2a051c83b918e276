"""Pages on which a firm writes down its sales and staff check them beside their evidence."""

from flask import Blueprint

from lms.sales import services, words

bp = Blueprint("sales", __name__)


@bp.context_processor
def vocabulary() -> dict:
    return {
        "words": words,
        "total_of": services.total_of,
        "known_part": services.known_part,
        "digital_share": services.digital_share,
        "part_of": services.part_of,
        "connections_of": services.connections_of,
        "progress_of": services.progress_of,
    }


@bp.app_context_processor
def for_every_room() -> dict:
    """What is read at marketplaces is said wherever somebody reads what happens with their data."""
    return {"connectable": services.connectable}


from lms.sales.views import connections, imports, invoices, ledger, months, staff  # noqa: E402, F401 (routes on bp)

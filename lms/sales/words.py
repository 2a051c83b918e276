"""What channels, sources, reasons and changes are called on the pages of this room."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from lms.foundation.i18n import lazy_gettext as _l
from lms.foundation.money import format_money
from lms.foundation.sheets import Fault
from lms.sales.archives import Problem
from lms.sales.cfdi import Reason
from lms.sales.connections.wire import Fault as Unanswered
from lms.sales.importers.canonical import LeftOut, Noted
from lms.sales.models import Channel, Tier, UploadState

CHANNELS = {
    Channel.COUNTER: _l("In your workshop or shop"),
    Channel.SOCIAL: _l("WhatsApp, Facebook and Instagram"),
    Channel.MERCADO_LIBRE: _l("Mercado Libre"),
    Channel.WHOLESALE: _l("Wholesale"),
    Channel.OWN_SHOP: _l("Your own online shop"),
    Channel.AMAZON: _l("Amazon"),
    Channel.OTHER: _l("Another place"),
}

CHANNEL_HINTS = {
    Channel.COUNTER: _l("Cash, card or transfer"),
    Channel.SOCIAL: _l("Orders that came by message"),
    Channel.MERCADO_LIBRE: _l("What was sold, before fees"),
    Channel.WHOLESALE: _l("Shops and resellers"),
    Channel.OWN_SHOP: _l("Orders on your own page"),
    Channel.AMAZON: _l("What was sold, before fees"),
    Channel.OTHER: _l("Fairs, markets, anything else"),
}

ALL_INVOICES = _l("All your invoices together")
INVOICE_CHANNELS = {Channel.OTHER: ALL_INVOICES}

TIERS = {
    Tier.A_PLATFORM: _l("The platform itself: certificate or connection"),
    Tier.B_EXPORT: _l("File of the marketplace"),
    Tier.C_INVOICE: _l("Invoices"),
    Tier.D_RECORD: _l("Your record, with a photo or file"),
    Tier.E_RECALL: _l("From memory, without a file"),
}

REASONS = {
    Reason.SALE: _l("Sale: it adds"),
    Reason.RETURN: _l("Credit note: it subtracts"),
    Reason.PAYMENT: _l("A payment; its sale is another invoice"),
    Reason.TRANSFER: _l("A transport document, not a sale"),
    Reason.PAYROLL: _l("A payroll receipt, not a sale"),
    Reason.OTHER_ISSUER: _l("Another firm issued it: it is not your sale"),
    Reason.NOT_STAMPED: _l("Without the stamp of the SAT (no UUID)"),
    Reason.REPEATED: _l("Already counted: same UUID"),
    Reason.NO_RATE: _l("In another currency, without exchange rate"),
    Reason.WITHHOLDING: _l("A withholding certificate, not a sale"),
    Reason.NOT_CFDI: _l("Not an invoice (CFDI)"),
    Reason.OLD_VERSION: _l("Of an old version: only 3.3 and 4.0 are read"),
    Reason.INCOMPLETE: _l("Date or amounts are missing or impossible"),
    Reason.BROKEN: _l("Broken: it cannot be read as XML"),
    Reason.TOO_LARGE: _l("Larger than any invoice"),
    Problem.NESTED: _l("A ZIP inside a ZIP: upload it by itself"),
    Problem.NOT_XML: _l("Not an XML file"),
    Problem.LOCKED_ENTRY: _l("Locked with a password"),
    Problem.DAMAGED_ENTRY: _l("Damaged in the ZIP"),
    "month_open": _l("Its month is not over yet: upload it again next month"),
    "month_locked": _l("The figure of its month was checked and is locked"),
    "month_frozen": _l("Its month belongs to your starting point, which is frozen"),
}

PROBLEMS = {
    Problem.TOO_MANY: _l("There are more than 2,000 files. Upload them in parts."),
    Problem.TOO_MUCH: _l("The files are larger than 50 MB together. Upload them in parts."),
    Problem.BOMB: _l("“%(name)s” is not a normal ZIP: it swells too much when opened."),
    Problem.DAMAGED_ZIP: _l("“%(name)s” is damaged. Download it again and upload it once more."),
}

FAULTS = {
    Fault.EMPTY: _l("“%(name)s” is empty. Download it again and upload it once more."),
    Fault.BOMB: _l("“%(name)s” is not a normal file: it swells too much when opened."),
    Fault.TOO_MUCH: _l("“%(name)s” is too large when opened. Export fewer months at a time."),
    Fault.TOO_MANY: _l("“%(name)s” holds too many files."),
    Fault.TOO_WIDE: _l("“%(name)s” has more than 1,000 columns: it is not a list of sales."),
    Fault.TOO_LONG: _l("“%(name)s” has more than 3 million rows. Export fewer months at a time."),
    Fault.LOCKED: _l("“%(name)s” is locked with a password. Save it without password and upload it again."),
    Fault.BROKEN: _l("“%(name)s” is damaged. Download it again and upload it once more."),
    Fault.NESTED: _l("“%(name)s” is a ZIP inside a ZIP. Upload the inner one by itself."),
    Fault.WEB_PAGE: _l(
        "“%(name)s” is a web page that is called Excel. Open it, save it as XLSX and upload that."
    ),
    Fault.NOT_A_TABLE: _l("“%(name)s” is not a list of sales (XLSX, XLS, ODS, CSV) nor an invoice (XML)."),
}

# Where the figures of a file come from, by the name of its format.
SOURCES = {
    "": _l("Written down"),
    "typed": _l("what you wrote down"),
    "cfdi": _l("Invoices"),
    "mercado_libre_ventas": _l("Sales file of Mercado Libre"),
    "amazon_transactions": _l("Transactions of Amazon"),
    "amazon_orders": _l("Orders of Amazon"),
    "amazon_report": _l("Business report of Amazon"),
    "shopify_orders": _l("Orders of Shopify"),
    "tiendanube_sales": _l("Sales of Tiendanube"),
    "woocommerce_orders": _l("Orders of WooCommerce"),
    "platform_certificate": _l("Certificate of the platform"),
    "mercado_libre_api": _l("Connection with Mercado Libre"),
    "amazon_api": _l("Connection with Amazon"),
    "mapped": _l("Your own file"),
}

LEFT_OUT = {
    LeftOut.CANCELLED: _l("Cancelled: it is not a sale"),
    LeftOut.NOT_A_SALE: _l("Not a sale (a fee, an adjustment or a transfer)"),
    LeftOut.NOT_PAID: _l("Not paid yet: it counts when you import again"),
    LeftOut.NO_DATE: _l("Without a date that can be read"),
    LeftOut.NO_AMOUNT: _l("Without an amount that can be read"),
    LeftOut.OTHER_CURRENCY: _l("In another currency"),
    LeftOut.OTHER_CHANNEL: _l("Sold somewhere else"),
    LeftOut.EMPTY_ROW: _l("Empty row"),
    LeftOut.NO_ORDER: _l("Without the number of its order"),
    LeftOut.OTHER_FIRM: _l("Of another firm (another RFC)"),
    LeftOut.NOT_ONE_MONTH: _l("It is not about one month"),
    LeftOut.OTHER_SERVICE: _l("For other services, not for selling goods"),
    LeftOut.OLDER: _l("There is a newer one of the same month"),
    LeftOut.NOT_STAMPED: _l("Without the stamp of the SAT (no UUID)"),
}

NOTED = {
    Noted.UNKNOWN_STATUS: _l("Sales with a status that we do not know: they count. Look at them."),
    Noted.UNPAID: _l("Sales that are not paid yet: they count."),
    Noted.MIXED_PACKAGE: _l("Packages of which only a part was cancelled or returned: they count whole."),
    Noted.PARTIAL_REFUND: _l("Sales with a part of the money given back: they count whole."),
    Noted.VAT_ADDED: _l("The file has amounts without VAT: 16 % was added."),
    Noted.VAT_ASSUMED: _l("The file does not say whether VAT is included: we took it as included."),
    Noted.DAY_FIRST: _l("Dates like 03/04/2026 were read with the day first."),
    Noted.COLUMNS_GUESSED: _l("The columns were told by their names."),
    Noted.NO_ORDER_NUMBERS: _l("Without numbers of orders a day that is imported again replaces itself."),
    Noted.RETURNS_NOT_KNOWN: _l("The totals do not tell what was cancelled or returned later."),
}

WHY_CLOSED = {
    "month_open": _l("Its month is not over yet: upload it again next month"),
    "month_locked": _l("The figure of its month was checked and is locked"),
    "month_frozen": _l("Its month belongs to your starting point, which is frozen"),
}

DEFINITION = _l(
    "A sale is a product that was sold and stays sold: with VAT, before fees, without shipping, "
    "cancellations and returns."
)


# Why sales could not be read over a connection.
CONNECTION_FAULTS = {
    Unanswered.UNREACHABLE: _l("%(place)s does not answer. Nothing was changed. Try again later."),
    Unanswered.BUSY: _l("%(place)s is too busy. Nothing was changed. Try again later."),
    Unanswered.NOT_ALLOWED: _l("%(place)s gives no permission any more. Nothing was changed. Connect again."),
    Unanswered.REFUSED: _l(
        "%(place)s did not accept the question. Nothing was changed. Bring a file instead."
    ),
    Unanswered.MOVED: _l("%(place)s sent us somewhere else. We do not go there. Nothing was changed."),
    Unanswered.TOO_LARGE: _l(
        "%(place)s sent more than we take in. Nothing was changed. Bring a file instead."
    ),
    Unanswered.BROKEN: _l("%(place)s sent something we do not understand. Nothing was changed."),
}

# Sources of figures that no file brought.
CONNECTIONS = ("mercado_libre_api", "amazon_api")

CONNECTION_ENDS = {
    "revoked": _l("Somebody ended it."),
    "left": _l("Who connected it no longer works with it at the firm."),
    "withdrawn": _l("The firm left the programme."),
    "refused": _l("The marketplace gives no permission any more."),
    "replaced": _l("It was connected again."),
    "failed": _l("The marketplace did not confirm the permission."),
}

UPLOADS = {
    UploadState.TO_MAP: _l("waits for you"),
    UploadState.READING: _l("is being read"),
    UploadState.READY: _l("to look over"),
    UploadState.WRITING: _l("is being written"),
}

FIELDS = {
    "net": _l("Pesos without VAT"),
    "orders": _l("Orders"),
    "units": _l("Pieces"),
    "cancelled": _l("Cancelled"),
    "refunds": _l("Returned"),
    "fees": _l("Fees"),
    "tier": _l("How it is known"),
    "source": _l("Where it comes from"),
}


def told_changes(details: Mapping[str, Any]) -> list[str]:
    """What else changed with a figure, a line for each field."""
    return [
        f"{FIELDS[name]}: {_told(name, before)} → {_told(name, after)}"
        for name, (before, after) in details.items()
        if name in FIELDS
    ]


def _told(name: str, value: Any) -> Any:
    if name == "source":
        return source_name(value or "")
    if value is None:
        return "—"
    if name == "tier":
        return TIERS[Tier(value)]
    return format_money(Decimal(value)) if isinstance(value, str) else value


def percent(part: Decimal) -> str:
    """A part of a whole: 0.344 is `34%`."""
    return f"{round(part * 100)}%"


def sources(names: Sequence[str]) -> str:
    """Several sources in one sentence."""
    return ", ".join(dict.fromkeys(str(source_name(name)) for name in names))


def reason_name(reason: str) -> Any:
    """Why something was left out: a row of a table, or a document."""
    return LEFT_OUT.get(LeftOut(reason)) if reason in set(LeftOut) else REASONS.get(reason, reason)


def source_name(source: str) -> Any:
    """What the source of a figure is called; files with columns of their own share one name."""
    return SOURCES.get(source.partition(":")[0], source)


CHANGES = {
    "declared": _l("Written down"),
    "changed": _l("Changed"),
    "evidence": _l("Photo or file added"),
    "imported": _l("Added up from a file"),
    "undone": _l("Import undone"),
    "verified": _l("Checked"),
    "unlocked": _l("Unlocked"),
}

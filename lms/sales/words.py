"""What channels, sources, reasons and changes are called on the pages of this room."""

from lms.foundation.i18n import lazy_gettext as _l
from lms.sales.archives import Problem
from lms.sales.cfdi import Reason
from lms.sales.models import Channel, Tier

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
    Tier.A_PLATFORM: _l("Certificate of the platform"),
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

CHANGES = {
    "declared": _l("Written down"),
    "changed": _l("Changed"),
    "evidence": _l("Photo or file added"),
    "imported": _l("Added up from invoices"),
    "verified": _l("Checked"),
    "unlocked": _l("Unlocked"),
}

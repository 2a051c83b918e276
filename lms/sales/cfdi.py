"""Mexican electronic invoices (CFDI 4.0 and 3.3): what a file says, and whether it is a sale of the firm.

Whether the SAT has cancelled an invoice is not written in the file and therefore not judged here.
"""

import io
import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from xml.etree.ElementTree import Element, ParseError
from zoneinfo import ZoneInfo

from lms.foundation.money import LARGEST, round_to_cents
from lms.sales.months import first_of

MAX_BYTES = 2 * 1024 * 1024
MAX_DEPTH = 40
MAX_ELEMENTS = 20_000

NAMESPACES = ("http://www.sat.gob.mx/cfd/4", "http://www.sat.gob.mx/cfd/3")
VERSIONS = ("4.0", "3.3")
WITHHOLDING_NAMESPACE = "http://www.sat.gob.mx/esquemas/retencionpago/"
STAMP = "{http://www.sat.gob.mx/TimbreFiscalDigital}TimbreFiscalDigital"

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_AMOUNT = re.compile(r"\d{1,18}(\.\d{1,10})?")


class Reason(StrEnum):
    """Why a file counts as a sale or a return, or is left out."""

    SALE = "sale"
    RETURN = "return"
    PAYMENT = "payment"
    TRANSFER = "transfer"
    PAYROLL = "payroll"
    OTHER_ISSUER = "other_issuer"
    NOT_STAMPED = "not_stamped"
    REPEATED = "repeated"
    NO_RATE = "no_rate"
    WITHHOLDING = "withholding"
    NOT_CFDI = "not_cfdi"
    OLD_VERSION = "old_version"
    INCOMPLETE = "incomplete"
    BROKEN = "broken"
    TOO_LARGE = "too_large"


KINDS = {
    "I": Reason.SALE,
    "E": Reason.RETURN,
    "P": Reason.PAYMENT,
    "T": Reason.TRANSFER,
    "N": Reason.PAYROLL,
}
SIGNS = {Reason.SALE: 1, Reason.RETURN: -1}


@dataclass(frozen=True, kw_only=True)
class Document:
    """What an invoice says as far as a month's sum needs it; who bought is not read. A `fault` bars it."""

    fault: Reason | None = None
    kind: str = ""
    issuer: str = ""
    uuid: str = ""
    issued: datetime | None = None
    place: str = ""
    currency: str = ""
    rate: Decimal | None = None
    subtotal: Decimal | None = None
    discount: Decimal | None = None
    total: Decimal | None = None
    is_global: bool = False


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """Whether a document counts, why, and with what: in pesos with their sign, returns are below zero."""

    count: bool
    reason: Reason
    sign: int = 0
    gross: Decimal | None = None
    net: Decimal | None = None
    month: date | None = None
    uuid: str = ""


def read(content: bytes) -> Document:
    """Read one XML file. It never raises: what cannot be used comes back as a document with its `fault`."""
    if len(content) > MAX_BYTES:
        return Document(fault=Reason.TOO_LARGE)
    try:
        return _Reader().read(content)
    except _Excessive:
        return Document(fault=Reason.TOO_LARGE)
    except (ParseError, ValueError, LookupError):  # what defusedxml forbids is a ValueError
        return Document(fault=Reason.BROKEN)


class _Excessive(Exception):
    """Deeper or with more elements than any invoice."""


class _Reader:
    """Walks the elements as they come and keeps none: only where they stand decides what they mean."""

    def __init__(self) -> None:
        self.path: list[str] = []
        self.elements = 0
        self.root: dict[str, str] = {}
        self.issuer = ""
        self.uuid = ""
        self.is_global = False

    def read(self, content: bytes) -> Document:
        # It loads a second XML parser, which nobody needs who does not import invoices.
        from defusedxml.ElementTree import iterparse

        for event, element in iterparse(io.BytesIO(content), events=("start", "end"), forbid_dtd=True):
            if event == "end":
                self.path.pop()
                element.clear()
                continue
            self._enter(element)
            if len(self.path) == 1 and (fault := _fault_of_root(element)):
                return Document(fault=fault)
        return self._document()

    def _enter(self, element: Element) -> None:
        self.elements += 1
        self.path.append(element.tag)
        if self.elements > MAX_ELEMENTS or len(self.path) > MAX_DEPTH:
            raise _Excessive
        names = [tag.rpartition("}")[2] for tag in self.path[1:]]
        if len(self.path) == 1:
            self.root = dict(element.attrib)
        elif names == ["Emisor"]:
            self.issuer = tidy_rfc(element.get("Rfc", ""))
        elif names == ["InformacionGlobal"]:
            self.is_global = True
        # Anybody may write a stamp into an Addenda: only the one in the Complemento is the authority's.
        elif element.tag == STAMP and names[:-1] == ["Complemento"] and not self.uuid:
            self.uuid = element.get("UUID", "").strip().lower()

    def _document(self) -> Document:
        said = {name: value.strip() for name, value in self.root.items()}
        return Document(
            kind=said.get("TipoDeComprobante", ""),
            issuer=self.issuer,
            uuid=self.uuid if _UUID.fullmatch(self.uuid) else "",
            issued=_moment(said.get("Fecha", "")),
            place=said.get("LugarExpedicion", ""),
            currency=said.get("Moneda", "").upper(),
            rate=_amount(said.get("TipoCambio", "")),
            subtotal=_amount(said.get("SubTotal", "")),
            discount=_amount(said.get("Descuento", "0")),
            total=_amount(said.get("Total", "")),
            is_global=self.is_global,
        )


def _fault_of_root(root: Element) -> Reason | None:
    namespace, _, name = root.tag.removeprefix("{").rpartition("}")
    if namespace.startswith(WITHHOLDING_NAMESPACE):
        return Reason.WITHHOLDING
    if name != "Comprobante" or namespace not in NAMESPACES:
        return Reason.NOT_CFDI
    return None if root.get("Version", "").strip() in VERSIONS else Reason.OLD_VERSION


def judge(document: Document, rfc: str, seen_uuids: Collection[str], zone: str) -> Verdict:
    """Whether a document is a sale of the firm with that RFC, and of which month in the firm's time zone.

    `seen_uuids` are those that counted before, in lower case.
    """
    reason = document.fault or _reason(document, rfc, seen_uuids)
    if reason not in SIGNS:
        return Verdict(count=False, reason=reason, uuid=document.uuid)
    sign = SIGNS[reason]
    rate = Decimal(1) if document.currency == "MXN" else document.rate
    assert document.total is not None and document.subtotal is not None and document.issued is not None
    net = document.subtotal - (document.discount or 0)
    return Verdict(
        count=True,
        reason=reason,
        sign=sign,
        gross=sign * round_to_cents(document.total * (rate or 1)),
        net=sign * round_to_cents(net * (rate or 1)),
        month=_month(document.issued, document.place, zone),
        uuid=document.uuid,
    )


def judge_all(
    documents: Collection[Document], rfc: str, seen_uuids: Collection[str], zone: str
) -> list[Verdict]:
    """Judge documents in their order: of one that comes twice, the first counts."""
    seen = set(seen_uuids)
    verdicts = []
    for document in documents:
        verdicts.append(judge(document, rfc, seen, zone))
        if verdicts[-1].count:
            seen.add(document.uuid)
    return verdicts


def _reason(document: Document, rfc: str, seen_uuids: Collection[str]) -> Reason:
    kind = KINDS.get(document.kind, Reason.INCOMPLETE)
    if kind not in SIGNS:
        return kind
    if document.issuer != tidy_rfc(rfc):
        return Reason.OTHER_ISSUER
    if not document.uuid:
        return Reason.NOT_STAMPED
    if document.uuid in seen_uuids:
        return Reason.REPEATED
    if document.currency != "MXN" and not document.rate:
        return Reason.NO_RATE
    return kind if _is_complete(document) else Reason.INCOMPLETE


def _is_complete(document: Document) -> bool:
    amounts = (document.total, document.subtotal, document.discount)
    if document.issued is None or None in amounts:
        return False
    rate = Decimal(1) if document.currency == "MXN" else document.rate or 0
    return document.discount <= document.subtotal and max(document.total, document.subtotal) * rate <= LARGEST  # type: ignore[operator,type-var]


def tidy_rfc(rfc: str) -> str:
    """An RFC as it is compared: without blanks around it, in capitals."""
    return rfc.strip().upper()


def _amount(text: str) -> Decimal | None:
    return Decimal(text) if _AMOUNT.fullmatch(text) else None


def _moment(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S")
    except ValueError:
        return None


def _month(issued: datetime, place: str, zone: str) -> date:
    """`Fecha` is local time of the place of issue; where its zone is not known it is taken as the firm's."""
    there = zone_of_place(place)
    if there is None or there == zone:
        return first_of(issued.date())
    return first_of(issued.replace(tzinfo=ZoneInfo(there)).astimezone(ZoneInfo(zone)).date())


# The first two digits of a postal code name the state. Left out are the states that lie in two zones
# (Nayarit, Chihuahua, Coahuila, Nuevo León, Tamaulipas): there the zone is not known from these digits.
_ZONES = {
    "America/Tijuana": (21, 22),
    "America/Mazatlan": (23, 80, 81, 82),
    "America/Hermosillo": (83, 84, 85),
    "America/Cancun": (77,),
    "America/Mexico_City": (
        *range(0, 17),
        20,
        24,
        *range(28, 31),
        *range(34, 63),
        *range(68, 77),
        78,
        79,
        86,
        *range(90, 100),
    ),
}
_ZONE_BY_PREFIX = {prefix: zone for zone, prefixes in _ZONES.items() for prefix in prefixes}


def zone_of_place(postal_code: str) -> str | None:
    """The time zone of a Mexican postal code, where its state lies in only one; None when not known."""
    if len(postal_code) != 5 or not postal_code.isascii() or not postal_code.isdigit():
        return None
    return _ZONE_BY_PREFIX.get(int(postal_code[:2]))

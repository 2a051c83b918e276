"""Certificates of platforms: CFDI de Retenciones 2.0 with the complement of technological platforms.

Each month a platform tells the authority, under its seal, what a firm sold on it: the strongest proof there
is. The firm is who receives it; the platform issues it.
"""

import io
import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from xml.etree.ElementTree import ParseError

from lms.sales.cfdi import MAX_BYTES, MAX_DEPTH, MAX_ELEMENTS, STAMP, tidy_rfc
from lms.sales.importers.canonical import LARGEST_AMOUNT, MILLION, Batch, Entry, LeftOut, month_number
from lms.sales.months import last_day_of

NAMESPACE = "http://www.sat.gob.mx/esquemas/retencionpago/2"
COMPLEMENT = (
    "{http://www.sat.gob.mx/esquemas/retencionpago/1/PlataformasTecnologicas10}"
    "ServiciosPlataformasTecnologicas"
)
OF_PLATFORMS = "26"
MONTHLY = "02"
# What a detail is about: selling goods. The others are rides, lodging, deliveries.
GOODS = "05"

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_AMOUNT = re.compile(r"[0-9]{1,15}(\.[0-9]{1,6})?")
# Platforms by what their legal name holds; anything else is for a person to say.
_ISSUERS = {"mercado": "mercado_libre", "amazon": "amazon"}


@dataclass(frozen=True, kw_only=True)
class Certificate:
    """What a certificate says. `fault` bars it."""

    uuid: str = ""
    issuer: str = ""
    channel: str = ""
    receiver: str = ""
    issued: str = ""
    month: date | None = None
    net: int = 0
    vat: int = 0
    operations: int = 0
    fees: int = 0
    fault: LeftOut | None = None


def read(content: bytes) -> Certificate | None:
    """The certificate of a platform in an XML file; None when the file is anything else, or broken."""
    if len(content) > MAX_BYTES or b"PlataformasTecnologicas" not in content.replace(b"\x00", b""):
        return None
    try:
        return _read(content)
    except (ParseError, ValueError, LookupError):
        return None


def _read(content: bytes) -> Certificate | None:
    from defusedxml.ElementTree import iterparse

    found: dict[str, Any] = {"services": set()}
    path: list[str] = []
    elements = 0
    for event, element in iterparse(io.BytesIO(content), events=("start", "end"), forbid_dtd=True):
        if event == "end":
            path.pop()
            element.clear()
            continue
        elements += 1
        path.append(element.tag)
        if elements > MAX_ELEMENTS or len(path) > MAX_DEPTH:
            return None
        _note(found, path, element)
    if "platform" not in found or found["root"].get("CveRetenc", "").strip() != OF_PLATFORMS:
        return None
    return _certificate(found)


def _note(found: dict[str, Any], path: list[str], element: Any) -> None:
    """Keep what stands where it has to stand; anybody may write anything into an Addenda."""
    names = [tag.rpartition("}")[2] for tag in path[1:]]
    if len(path) == 1:
        if element.tag != f"{{{NAMESPACE}}}Retenciones":
            raise ValueError("not a certificate")
        found["root"] = dict(element.attrib)
    elif names in (["Emisor"], ["Periodo"]):
        found[names[0]] = dict(element.attrib)
    elif names == ["Receptor", "Nacional"]:
        found["Receptor"] = dict(element.attrib)
    elif names[0] == "Complemento" and len(names) > 1:
        if element.tag == COMPLEMENT and len(names) == 2:
            found["platform"] = dict(element.attrib)
        elif element.tag == STAMP and len(names) == 2:
            found.setdefault("stamp", element.get("UUID", "").strip().lower())
        elif names[-1] == "DetallesDelServicio":
            found["services"].add(element.get("TipoDeServ", "").strip())


def _certificate(found: dict[str, Any]) -> Certificate:
    said, period = found["platform"], found.get("Periodo", {})
    uuid = found.get("stamp", "")
    month = _month(period)
    amounts = [_amount(said.get(name, "")) for name in ("MonTotServSIVA", "TotalIVATrasladado")]
    operations = said.get("NumServ", "").strip()
    fault = None
    if not _UUID.fullmatch(uuid):
        fault = LeftOut.NOT_STAMPED
    elif month is None or said.get("Periodicidad", "").strip() not in ("", MONTHLY):
        fault = LeftOut.NOT_ONE_MONTH
    elif found["services"] - {GOODS}:
        fault = LeftOut.OTHER_SERVICE
    elif None in amounts or not operations.isdigit() or len(operations) > 8:
        fault = LeftOut.NO_AMOUNT
    issuer = found.get("Emisor", {})
    return Certificate(
        uuid=uuid,
        issuer=tidy_rfc(issuer.get("RfcE", "")),
        channel=next(
            (one for name, one in _ISSUERS.items() if name in issuer.get("NomDenRazSocE", "").lower()), ""
        ),
        receiver=tidy_rfc(found.get("Receptor", {}).get("RfcR", "")),
        issued=found["root"].get("FechaExp", "").strip(),
        month=month,
        net=amounts[0] or 0,
        vat=amounts[1] or 0,
        operations=int(operations) if fault is None else 0,
        fees=_amount(said.get("MonTotalporUsoPlataforma", "")) or 0,
        fault=fault,
    )


def _month(period: dict[str, str]) -> date | None:
    first, last, year = (period.get(name, "").strip() for name in ("MesIni", "MesFin", "Ejercicio"))
    if first != last or not re.fullmatch(r"0[1-9]|1[0-2]", first) or not re.fullmatch(r"20[0-9]{2}", year):
        return None
    return date(int(year), int(first), 1)


def _amount(text: str) -> int | None:
    text = text.strip()
    if not _AMOUNT.fullmatch(text):
        return None
    amount = int(Decimal(text) * MILLION)
    return amount if amount <= LARGEST_AMOUNT else None


def batch_of(certificates: list[Certificate], rfc: str, channel: str) -> Batch:
    """Certificates of one channel as a batch. Of two of a platform and month the one issued last counts."""
    batch = Batch(source="platform_certificate", channel=channel, tier="A")
    batch.knows = frozenset({"orders", "fees"})
    batch.rows = len(certificates)
    newest: dict[str, Certificate] = {}
    for one in certificates:
        reason = one.fault or (LeftOut.OTHER_FIRM if one.receiver != tidy_rfc(rfc) else None)
        if reason is not None:
            batch.left_out[reason] += 1
            continue
        key = f"{one.issuer}\x1f{one.month}"
        kept = newest.get(key)
        if kept is not None:
            batch.left_out[LeftOut.OLDER] += 1
        if kept is None or one.issued > kept.issued:
            newest[key] = one
    for key, one in newest.items():
        assert one.month is not None
        first = one.month.toordinal()
        batch.see_day(first)
        batch.see_day(last_day_of(one.month).toordinal())
        batch.entries[key] = Entry(
            month_number(first), one.net + one.vat, one.net, one.operations, 0, 0, 0, one.fees
        )
    return batch

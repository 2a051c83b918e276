"""Invoices for tests: CFDI documents written from what a test wants them to say."""

import io
import uuid
import zipfile
from xml.sax.saxutils import quoteattr

RFC = "EKU9003173C9"
STAMP = "http://www.sat.gob.mx/TimbreFiscalDigital"


def cfdi(
    *,
    rfc: str = RFC,
    kind: str = "I",
    total: str = "1160.00",
    subtotal: str = "1000.00",
    discount: str = "",
    issued: str = "2026-09-10T12:00:00",
    place: str = "72000",
    currency: str = "MXN",
    rate: str = "",
    stamp: str | None = "new",
    version: str = "4.0",
    inside: str = "",
    before: str = "",
) -> bytes:
    """One document. `stamp` is a UUID, "new" or None; `inside` goes to its end, `before` ahead of it."""
    namespace = "http://www.sat.gob.mx/cfd/3" if version == "3.3" else "http://www.sat.gob.mx/cfd/4"
    said = {
        "Version": version,
        "Fecha": issued,
        "SubTotal": subtotal,
        "Descuento": discount,
        "Total": total,
        "Moneda": currency,
        "TipoCambio": rate,
        "TipoDeComprobante": kind,
        "LugarExpedicion": place,
    }
    attributes = " ".join(f"{name}={quoteattr(value)}" for name, value in said.items() if value)
    if stamp == "new":
        stamp = str(uuid.uuid4())
    seal = f'<t:TimbreFiscalDigital xmlns:t="{STAMP}" UUID={quoteattr(stamp)}/>' if stamp else ""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{before}<c:Comprobante xmlns:c="{namespace}" {attributes}>'
        f'<c:Emisor Rfc={quoteattr(rfc)}/><c:Receptor Rfc="XAXX010101000"/>'
        f"<c:Complemento>{seal}</c:Complemento>{inside}</c:Comprobante>"
    ).encode()


def zipped(*files: tuple[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A ZIP with these files, under exactly these names."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, content in files:
            archive.writestr(zipfile.ZipInfo(name), content, compress_type=compression)
    return buffer.getvalue()

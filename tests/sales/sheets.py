"""Files of sales for tests, written from what is known of each format: sheets, texts, certificates."""

import csv
import io
import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from lms.sales.importers.layout import Setting

ZONE = "America/Mexico_City"
SETTING = Setting(zone=ZONE)

ML_GROUPS = [("Ventas", 18), ("Publicidad", 1), ("Publicaciones", 7), ("Facturación al comprador", 8),
             ("Compradores", 8), ("Envíos", 6), ("Devoluciones", 13), ("Reclamos", 4)]  # fmt: skip
ML_COLUMNS = [
    "# de venta", "Fecha de venta", "Estado", "Descripción del estado", "Modelo de venta",
    "Paquete de varios productos", "Pertenece a un kit", "Unidades", "Ingresos por productos (MXN)",
    "Cargo por venta e impuestos (MXN)", "Ingresos por envío (MXN)", "Costos de envío (MXN)",
    "Costo de envío por cambio de producto (MXN)", "Costo de envío basado en medidas y peso declarados (MXN)",
    "Cargo por diferencias en medidas y peso del paquete (MXN)", "Descuentos y bonificaciones",
    "Anulaciones y reembolsos (MXN)", "Total (MXN)",
    "Venta por publicidad",
    "SKU", "# de publicación", "Canal de venta", "Título de la publicación", "Variante",
    "Precio unitario de venta de la publicación (MXN)", "Tipo de publicación",
    "Factura adjunta", "Datos personales o de empresa", "Tipo y número de documento", "Dirección",
    "Tipo de contribuyente", "CFDI", "Tipo de usuario", "Régimen Fiscal",
    "Comprador", "Negocio", "IFE", "Domicilio", "Municipio/Alcaldía", "Estado", "Código postal", "País",
    "Forma de entrega", "Fecha en camino", "Fecha entregado", "Transportista", "Número de seguimiento",
    "URL de seguimiento",
    "Unidades", "Forma de entrega", "Fecha en camino", "Fecha entregado", "Transportista",
    "Número de seguimiento", "URL de seguimiento", "Revisado por Mercado Libre", "Fecha de revisión",
    "Dinero a favor", "Resultado", "Destino", "Motivo del resultado",
    "Unidades", "Reclamo abierto", "Reclamo cerrado", "Con mediación",
]  # fmt: skip


def ml_row(
    number: str,
    day: str,
    status: str,
    income: Any = " ",
    units: Any = " ",
    *,
    fee: Any = " ",
    back: Any = " ",
) -> list[Any]:
    """A row of the panel: what is not said is a single blank, as there; buyers have names and addresses."""
    row: list[Any] = [" "] * len(ML_COLUMNS)
    row[0], row[1], row[2], row[7], row[8], row[9], row[16] = number, day, status, units, income, fee, back
    row[ML_COLUMNS.index("Comprador")] = "María Comprador Secreto"
    row[ML_COLUMNS.index("Datos personales o de empresa")] = "Secreto SA, SECR010101AAA"
    # The second “Estado” is where the buyer lives, the last “Unidades” is of claims.
    row[39], row[-4] = "Jalisco", 7
    return row


def ml_table(rows: Iterable[Sequence[Any]], *, preamble: int = 4, groups: bool = True) -> list[list[Any]]:
    """The whole sheet: what stands above, groups, names, rows."""
    names: list[Any] = []
    for group, width in ML_GROUPS:
        names += [group, *[""] * (width - 1)]
    above = [["Ventas"], ["Período: últimos 6 meses"], ["Filtros: ninguno"], ["Descargado hoy"]][:preamble]
    return [*above, *([names] if groups else []), ML_COLUMNS, *map(list, rows)]


def xlsx(rows: Iterable[Sequence[Any]], sheet: str = "Ventas MX", *, constant: bool = False) -> bytes:
    """A workbook with these rows; texts are shared between cells unless `constant`."""
    import xlsxwriter

    buffer = io.BytesIO()
    workbook = xlsxwriter.Workbook(
        buffer, {"in_memory": True, "constant_memory": constant, "strings_to_numbers": False}
    )
    page = workbook.add_worksheet(sheet)
    for number, row in enumerate(rows):
        for place, cell in enumerate(row):
            if isinstance(cell, str):
                page.write_string(number, place, cell)
            elif cell is not None:
                page.write(number, place, cell)
    workbook.close()
    return buffer.getvalue()


def text(
    rows: Iterable[Sequence[Any]], separator: str = ",", encoding: str = "utf-8", ending: str = "\r\n"
) -> bytes:
    """A CSV or TSV."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=separator, lineterminator=ending)
    writer.writerows(rows)
    return buffer.getvalue().encode(encoding)


AMAZON_COLUMNS = [
    "fecha/hora", "Id. de liquidación", "tipo", "Id. del pedido", "sku", "descripción", "cantidad",
    "marketplace",
    "cumplimiento", "ciudad del pedido", "estado del pedido", "código postal del pedido",
    "modelo de recaudación de impuestos", "ventas de productos", "impuesto de ventas de productos",
    "créditos de envío", "impuesto de abono de envío", "créditos por envoltorio de regalo",
    "impuesto de créditos de envoltura", "Tarifa reglamentaria", "Impuesto sobre tarifa reglamentaria",
    "descuentos promocionales", "impuesto de reembolsos promocionales",
    "impuesto de retenciones en la plataforma", "tarifas de venta", "tarifas fba",
    "tarifas de otra transacción",
    "otro", "total", "Estado de la transacción", "Fecha de liberación de la transacción",
]  # fmt: skip


def amazon_row(
    day: str, kind: str, order: str, net: str, tax: str, units: str = "1", fee: str = "0"
) -> list[str]:
    said = dict.fromkeys(AMAZON_COLUMNS, "0.00")
    said |= {
        "fecha/hora": day, "tipo": kind, "Id. del pedido": order, "sku": "SKU-1", "cantidad": units,
        "ventas de productos": net, "impuesto de ventas de productos": tax, "tarifas de venta": fee,
        "ciudad del pedido": "Ciudad Secreta",
    }  # fmt: skip
    return [said[name] for name in AMAZON_COLUMNS]


def amazon_table(rows: Iterable[Sequence[str]], columns: int = 31) -> list[list[str]]:
    preamble = [[f"Línea {number} de lo que dice Amazon"] for number in range(1, 8)]
    return [*preamble, AMAZON_COLUMNS[:columns], *[list(row[:columns]) for row in rows]]


PLATFORMS = "http://www.sat.gob.mx/esquemas/retencionpago/1/PlataformasTecnologicas10"


def certificate(
    *,
    rfc: str = "EKU9003173C9",
    name: str = "Mercado Libre, S. de R.L. de C.V.",
    month: str = "09",
    last: str = "",
    year: str = "2026",
    net: str = "1000.00",
    vat: str = "160.00",
    operations: str = "12",
    fees: str = "130.50",
    kind: str = "26",
    service: str = "05",
    issued: str = "2026-10-05T10:00:00",
    stamp: str | None = "new",
    before: str = "",
) -> bytes:
    """A certificate of a platform, as its schema has it."""
    stamp = str(uuid.uuid4()) if stamp == "new" else stamp
    seal = (
        f'<t:TimbreFiscalDigital xmlns:t="http://www.sat.gob.mx/TimbreFiscalDigital" UUID="{stamp}"/>'
        if stamp
        else ""
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{before}<r:Retenciones '
        f'xmlns:r="http://www.sat.gob.mx/esquemas/retencionpago/2" xmlns:p="{PLATFORMS}" Version="2.0" '
        f'CveRetenc="{kind}" FechaExp="{issued}" LugarExpRetenc="06600">'
        f'<r:Emisor RfcE="MLI010101AA1" NomDenRazSocE="{name}" RegimenFiscalE="601"/>'
        f'<r:Receptor NacionalidadR="Nacional"><r:Nacional RfcR="{rfc}" NomDenRazSocR="Taller"/></r:Receptor>'
        f'<r:Periodo MesIni="{month}" MesFin="{last or month}" Ejercicio="{year}"/>'
        f'<r:Totales MontoTotOperacion="{net}" MontoTotGrav="{net}" MontoTotExent="0" MontoTotRet="105"/>'
        f'<r:Complemento><p:ServiciosPlataformasTecnologicas Version="1.0" Periodicidad="02" '
        f'NumServ="{operations}" MonTotServSIVA="{net}" TotalIVATrasladado="{vat}" TotalIVARetenido="80" '
        f'TotalISRRetenido="25" DifIVAEntregadoPrestServ="80" MonTotalporUsoPlataforma="{fees}">'
        f'<p:Servicios><p:DetallesDelServicio FormaPagoServ="01" TipoDeServ="{service}" '
        f'FechaServ="2026-09-30" PrecioServSinIVA="{net}"/></p:Servicios>'
        f"</p:ServiciosPlataformasTecnologicas>{seal}"
        f"</r:Complemento></r:Retenciones>"
    ).encode()

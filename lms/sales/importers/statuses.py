"""What the status of an order means for its sale. Every vocabulary is open: the unknown is kept and named."""

from enum import StrEnum

from lms.sales.importers.layout import plain


class Fate(StrEnum):
    VALID = "valid"
    CANCELLED = "cancelled"
    RETURNED = "returned"
    UNPAID = "unpaid"
    UNKNOWN = "unknown"


_ML_CANCELLED = ("cancel", "venta cancelada", "paquete cancelado")
_ML_RETURNED_IN = ("reembolso al comprador", "devolvimos el dinero al comprador")
_ML_RETURNED_START = ("devuelto", "en devolucion")
_ML_VALID = (
    "entregado", "en camino", "paquete de", "devolucion", "no entregado", "reclamo", "mediacion",
    "venta con solicitud de cambio", "tu comprador solicita cancelar", "listo para", "etiqueta",
    "por despachar", "en preparacion", "despach", "pago acreditado", "venta concretada", "en punto",
    "llega", "lo estamos preparando", "procesando", "demorado", "reprogramado", "en el punto",
)  # fmt: skip


def of_mercado_libre(status: str) -> Fate:
    """By rule, because the list is open: cancelled, returned, kept with the money, or valid."""
    said = plain(status)
    if "te dimos el dinero" in said:
        return Fate.VALID
    if said.startswith(_ML_CANCELLED):
        return Fate.CANCELLED
    if any(words in said for words in _ML_RETURNED_IN) or said.startswith(_ML_RETURNED_START):
        return Fate.RETURNED
    return Fate.VALID if said.startswith(_ML_VALID) else Fate.UNKNOWN


_CANCELLED = (
    "cancel", "anulad", "void", "failed", "fallid", "rechazad", "declined", "rejected", "abandon", "expired",
    "vencid", "checkout-draft", "borrador", "trash", "invalid",
)  # fmt: skip
_RETURNED = ("refund", "reembols", "devuel", "devoluc", "return", "chargeback", "contracargo", "retorn")
_UNPAID = (
    "pend",
    "authorized",
    "autorizad",
    "on-hold",
    "en espera",
    "unpaid",
    "no pagad",
    "sin pagar",
    "por pagar",
)
_VALID = (
    "paid", "pagad", "complet", "process", "procesan", "cerrad", "closed", "abiert", "open", "recibid",
    "entregad", "deliver", "shipped", "enviad", "fulfill", "activ", "aprobad", "approved", "success",
    "exitos", "vendid",
    "invoic", "factur", "en camino", "ok", "finaliz", "archivad", "concluid", "confirm", "unshipped",
    "partially", "dispatch", "despach",
)  # fmt: skip


def in_general(status: str) -> Fate:
    """What a status means in the words that shops use, in Spanish or English; empty is valid."""
    said = plain(status)
    if not said:
        return Fate.VALID
    if said.startswith(("partially refund", "partially_refund", "parcialmente reembols")):
        return Fate.VALID
    for words, fate in (
        (_CANCELLED, Fate.CANCELLED), (_RETURNED, Fate.RETURNED), (_UNPAID, Fate.UNPAID),
        (_VALID, Fate.VALID),
    ):  # fmt: skip
        if any(word in said for word in words):
            return fate
    return Fate.UNKNOWN

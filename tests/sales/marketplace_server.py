"""A marketplace on this machine: it answers as the vendors' documentation does, or as a test says."""

import json
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

ORDERS, METRICS, TOKEN = "/orders/search", "/sales/v1/orderMetrics", "/oauth/token"
# A buyer as the documentation shows one: none of it may ever be found here.
BUYER = {"id": 89660613, "nickname": "COMPRADOR.SECRETO", "first_name": "Secreto"}


@dataclass
class Script:
    """What was asked, and what is answered: scripted answers first, then the usual."""

    asked: list[tuple[str, dict[str, str], dict[str, str]]] = field(default_factory=list)
    scripted: dict[str, deque] = field(default_factory=dict)
    orders: list[dict[str, Any]] = field(default_factory=list)
    metrics: dict[str, tuple[str, int, int]] = field(default_factory=dict)
    refresh: str = "TG-1"
    access: str = "APP_USR-1"
    code: str = "CODE-1"
    turns: int = 1
    address: str = ""

    def answer_next(self, path: str, status: int, body: Any = b"", **headers: str) -> None:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.scripted.setdefault(path, deque()).append((status, content, headers))

    def queries(self, path: str) -> list[dict[str, str]]:
        return [said for where, said, _headers in self.asked if where == path]

    def usual(self, path: str, said: dict[str, str], headers: dict[str, str]) -> tuple[int, Any]:
        if path == TOKEN:
            return self._tokens(said)
        if f"Bearer {self.access}" != headers.get("authorization") and self.access != headers.get(
            "x-amz-access-token"
        ):
            return 401, {"message": "invalid access token", "error": "unauthorized"}
        return self._orders(said) if path == ORDERS else self._metrics(said)

    def _tokens(self, said: dict[str, str]) -> tuple[int, Any]:
        known = {"authorization_code": ("code", self.code), "refresh_token": ("refresh_token", self.refresh)}
        name, wanted = known[said["grant_type"]]
        if said.get(name) != wanted or said["client_secret"] != "client-secret":
            return 400, {"error": "invalid_grant", "error_description": "no"}
        self.turns += 1
        self.code = "used"
        self.access, self.refresh = f"APP_USR-{self.turns}", f"TG-{self.turns}"
        return 200, {
            "access_token": self.access, "token_type": "bearer", "expires_in": 21600,
            "scope": "offline_access read write", "user_id": 8035443, "refresh_token": self.refresh,
        }  # fmt: skip

    def _orders(self, said: dict[str, str]) -> tuple[int, Any]:
        start, end = (datetime.fromisoformat(said[f"order.date_created.{one}"]) for one in ("from", "to"))
        found = [
            one
            for one in self.orders
            if not isinstance(one.get("date_created"), str)
            or start <= datetime.fromisoformat(one["date_created"]) <= end
        ]
        offset, limit = int(said["offset"]), int(said["limit"])
        if offset >= 10_000:
            return 400, {"error": "bad_request"}
        page = found[offset : offset + limit]
        return 200, {"paging": {"total": len(found), "offset": offset, "limit": limit}, "results": page}

    def _metrics(self, said: dict[str, str]) -> tuple[int, Any]:
        start, end = said["interval"].split("--")
        pesos, orders, units = self.metrics.get(start[:7], ("0", 0, 0))
        money = {"amount": pesos, "currencyCode": "MXN"}
        return 200, {
            "payload": [
                {
                    "interval": f"{start}--{end}", "unitCount": units, "orderItemCount": orders,
                    "orderCount": orders, "averageUnitPrice": money, "totalSales": money,
                }
            ]
        }  # fmt: skip


@contextmanager
def marketplace() -> Iterator[Script]:
    script = Script()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # noqa: N802
            self._answer(urlsplit(self.path).query)

        def do_POST(self) -> None:  # noqa: N802
            self._answer(self.rfile.read(int(self.headers["Content-Length"])).decode())

        def _answer(self, written: str) -> None:
            path = urlsplit(self.path).path
            said = {name: values[0] for name, values in parse_qs(written).items()}
            headers = {name.lower(): value for name, value in self.headers.items()}
            script.asked.append((path, said, headers))
            if script.scripted.get(path):
                status, content, more = script.scripted[path].popleft()
            else:
                status, found = script.usual(path, said, headers)
                content, more = json.dumps(found).encode(), {}
            self.send_response(status)
            for name, value in more.items():
                self.send_header(name.replace("_", "-"), value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            # Who asked may have hung up when it was too much.
            with suppress(OSError):
                self.wfile.write(content)

        def log_message(self, *said: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    script.address = f"http://127.0.0.1:{server.server_port}"
    try:
        yield script
    finally:
        server.shutdown()
        server.server_close()


def order(number: int, moment: str, pesos: Any, status: str = "paid", **more: Any) -> dict[str, Any]:
    """An order with the fields of the documentation, its buyer too."""
    return {
        "id": number, "pack_id": None, "date_created": moment, "status": status, "status_detail": None,
        "total_amount": pesos, "paid_amount": pesos, "currency_id": "MXN", "buyer": BUYER,
        "order_items": [
            {"item": {"id": "MLM1", "title": "Blusa"}, "quantity": 1, "unit_price": pesos, "sale_fee": 9.5}
        ],
        "payments": [{"id": 1, "status": "approved", "transaction_amount": pesos}],
        "shipping": {"id": 1}, "seller": {"id": 8035443}, "tags": ["paid"], "taxes": {"amount": None},
    } | more  # fmt: skip

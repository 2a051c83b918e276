"""A connection that can be cut: a loopback proxy between the browser and the house."""

import socket
import threading
from contextlib import suppress

PIECE = 65536


class Line:
    """Carries bytes both ways while it is up. `cut_after(n)` takes it down after n more bytes of answers,
    `cut_after_sent(n)` after n more bytes of what is asked."""

    def __init__(self, port: int) -> None:
        self._house = ("127.0.0.1", port)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        self._up, self._left = True, None
        self._sendable: int | None = None
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """From now on nothing is carried; what was under way breaks off."""
        with self._lock:
            self._up = False
            ends, self._open = self._open, set()
        for end in ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def cut_after(self, answered_bytes: int) -> None:
        self._left = answered_bytes

    def cut_after_sent(self, asked_bytes: int) -> None:
        self._sendable = asked_bytes

    def mend(self) -> None:
        self._left, self._sendable, self._up = None, None, True

    def _accept(self) -> None:
        while True:
            near, _address = self._listener.accept()
            if not self._up:
                near.close()
                continue
            try:
                far = socket.create_connection(self._house, timeout=5)
            except OSError:
                near.close()
                continue
            far.settimeout(None)
            with self._lock:
                if not self._up:  # cut while this one was being made
                    near.close()
                    far.close()
                    continue
                self._open |= {near, far}
            threading.Thread(target=self._carry, args=(near, far, False), daemon=True).start()
            threading.Thread(target=self._carry, args=(far, near, True), daemon=True).start()

    def _carry(self, source: socket.socket, sink: socket.socket, is_answer: bool) -> None:
        with suppress(OSError):
            while piece := source.recv(PIECE):
                if is_answer and self._left is not None:
                    piece, rest = piece[: self._left], piece[self._left :]
                    self._left -= len(piece)
                    sink.sendall(piece)
                    if rest or not self._left:
                        self.cut()
                        return
                elif not is_answer and self._sendable is not None:
                    piece = piece[: self._sendable]
                    self._sendable -= len(piece)
                    sink.sendall(piece)
                    if not self._sendable:
                        self.cut()
                        return
                else:
                    sink.sendall(piece)
        for end in (source, sink):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
            with self._lock:
                self._open.discard(end)

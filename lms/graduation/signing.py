"""The house's signature under certificates: Ed25519, with a key that never leaves this installation's folder.

`certificate_key.pem` signs. The public half of every key that ever signed stays in `certificate_keys`, by its
id, so that old certificates can still be checked. To change the key, take the file away: the next certificate
makes a new one.
"""

import base64
import hashlib
import os
import re
import secrets
from pathlib import Path
from typing import TYPE_CHECKING

# The library of keys is imported where it is used: it takes eight megabytes, and few requests need it.
if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

_KEY_ID = re.compile(r"[0-9a-f]{16}")


class Keys:
    """The keys that are kept in one folder."""

    def __init__(self, folder: Path) -> None:
        self._private = folder / "certificate_key.pem"
        self._public = folder / "certificate_keys"

    def current_id(self) -> str:
        """The id of the key that signs now; the first call makes it."""
        return key_id_of(self._signer().public_key())

    def sign(self, message: bytes) -> str:
        return _written(self._signer().sign(message))

    def verify(self, key_id: str, message: bytes, signature: str) -> bool:
        """Whether one of our keys, the one of that id, signed exactly this message."""
        from cryptography.exceptions import InvalidSignature

        public = self._known(key_id)
        try:
            raw = base64.b64decode(signature + "=" * (-len(signature) % 4), altchars=b"-_", validate=True)
            if public is None or _written(raw) != signature:
                return False
            public.verify(raw, message)
        except (InvalidSignature, ValueError):
            return False
        return True

    def _signer(self) -> "Ed25519PrivateKey":
        from cryptography.hazmat.primitives import serialization
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        if not self._private.exists():
            self._make()
        key = serialization.load_pem_private_key(self._private.read_bytes(), password=None)
        if not isinstance(key, Ed25519PrivateKey):
            raise RuntimeError(f"{self._private} is not an Ed25519 key")
        self._publish(key.public_key())
        return key

    def _make(self) -> None:
        from cryptography.hazmat.primitives import serialization
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        pem = Ed25519PrivateKey.generate().private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        _write_once(self._private, pem, 0o600)

    def _publish(self, public: "Ed25519PublicKey") -> None:
        from cryptography.hazmat.primitives import serialization

        path = self._public / f"{key_id_of(public)}.pem"
        if not path.exists():
            self._public.mkdir(exist_ok=True)
            _write_once(
                path,
                public.public_bytes(
                    serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
                ),
                0o644,
            )

    def _known(self, key_id: str) -> "Ed25519PublicKey | None":
        from cryptography.hazmat.primitives import serialization
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

        path = self._public / f"{key_id}.pem"
        if not _KEY_ID.fullmatch(key_id) or not path.exists():
            return None
        public = serialization.load_pem_public_key(path.read_bytes())
        # The file's name is no proof: a key answers only to the id that its own bytes give.
        return public if isinstance(public, Ed25519PublicKey) and key_id_of(public) == key_id else None


def key_id_of(public: "Ed25519PublicKey") -> str:
    return hashlib.sha256(public.public_bytes_raw()).hexdigest()[:16]


def _written(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _write_once(path: Path, content: bytes, mode: int) -> None:
    """Write the whole file or leave the one that another process put there first."""
    partial = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        os.link(partial, path)
    except FileExistsError:
        pass
    finally:
        partial.unlink()

"""Addresses that people hand on: paths inside the house that may be shown again, and WhatsApp chats."""

import re
from urllib.parse import quote, urlsplit

LONGEST_PATH = 300


def inner_path(text: str | None) -> str:
    """The path of a page of this house, or nothing: never another site, however it is disguised."""
    text = (text or "").strip()
    if not text.startswith("/") or text.startswith("//") or len(text) > LONGEST_PATH:
        return ""
    # A browser reads a backslash as a slash and leaves control characters out.
    if re.search(r"[\\\x00-\x20\x7f]", text):
        return ""
    parts = urlsplit(text)
    return "" if parts.scheme or parts.netloc else text


def chat_link(phone: str, text: str) -> str:
    """The address of a WhatsApp chat with a message ready to send; nothing without a usable number.

    Ten digits are a Mexican number. The message may hold no personal data: it passes through a third party.
    """
    digits = re.sub(r"\D", "", phone)
    if len(digits) == 10:
        digits = f"52{digits}"
    return f"https://wa.me/{digits}?text={quote(text)}" if 11 <= len(digits) <= 15 else ""

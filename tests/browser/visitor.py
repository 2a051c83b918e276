"""A person at a device: acts by what the labels say, and every page they come to is inspected."""

import json
import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Locator, Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout

PHONE = {"width": 390, "height": 844}
LAPTOP = {"width": 1280, "height": 800}
PATIENCE = 20_000  # milliseconds: a machine that does much else is slow, not wrong

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LIGHT = {"runOnly": {"type": "tag", "values": TAGS}}
# Nothing but colours differs in the dark.
DARK = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
# Without `preload`, axe fetches nothing: it runs under the pages' own strict policy.
BOTH = {"resultTypes": ["violations"], "preload": False}

SEEN = """() => ({
  wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
  broken: [...document.images].filter((e) => e.complete && !e.naturalWidth).map((e) => e.src),
  parts: [...document.querySelectorAll('main h2[id], .errs')].map((e) => e.id || e.className)
})"""


@dataclass
class Findings:
    """What is wrong on any page, kept to be listed together at the end."""

    wrong: set[str] = field(default_factory=set)
    looked_at: set[tuple[str, str]] = field(default_factory=set)

    def add(self, where: str, what: str) -> None:
        self.wrong.add(f"{where}: {what}")

    def assert_none(self) -> None:
        assert not self.wrong, "\n" + "\n".join(sorted(self.wrong))


class Visitor:
    """One browser with its own cookies."""

    def __init__(
        self, chromium: Browser, house, findings: Findings, *, viewport=PHONE, javascript=True
    ) -> None:
        self.house, self.findings, self.javascript = house, findings, javascript
        self.addresses = house.app.url_map.bind("127.0.0.1")
        self.context = chromium.new_context(
            base_url=house.url, viewport=viewport, locale="es-MX", java_script_enabled=javascript,
            color_scheme="light", accept_downloads=True,
        )  # fmt: skip
        self.context.set_default_timeout(PATIENCE)
        self.page: Page = self.context.new_page()
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.findings.add(self.where, f"script error: {error}"))
        self.page.on("request", self._watch)
        self.page.on("response", self._answer)

    # What goes wrong by itself

    def _hear(self, message) -> None:
        # A refused form answers 422, and Chromium says so; whether that was meant, the step itself knows.
        if message.type == "error" and not re.search(r"status of (422|409|404)", message.text):
            self.findings.add(self.where, f"console: {message.text}")

    def _watch(self, request) -> None:
        if not request.url.startswith((self.house.url, "data:", "blob:")):
            self.findings.add(self.where, f"asks outside: {request.url}")

    def _answer(self, response) -> None:
        if response.status >= 500:
            self.findings.add(self.where, f"{response.status} from {response.request.method} {response.url}")

    # Going

    @property
    def where(self) -> str:
        """The name of the page one is on."""
        path = urlsplit(self.page.url).path
        try:
            return self.addresses.match(path, method="GET")[0]
        except Exception:  # answered to a POST of its own address, or outside
            return re.sub(r"\d+", "#", path)

    def open(self, address: str) -> "Visitor":
        self.page.goto(address)
        return self.arrive()

    def press(self, button: str, within: Locator | None = None) -> "Visitor":
        """Press a button that leads to another page; `button` is how its words begin."""
        return self.go((within or self.page).get_by_role("button", name=_begins(button)))

    def follow(self, link: str, within: Locator | None = None) -> "Visitor":
        return self.go((within or self.page).get_by_role("link", name=_begins(link)))

    def go(self, target: Locator) -> "Visitor":
        """Press or follow what leads to another page."""
        target = self._found(target)
        with self.page.expect_navigation(wait_until="load"):
            target.click()
        return self.arrive()

    def arrive(self) -> "Visitor":
        """Look at the page one has come to, once for each of its faces."""
        seen = self.page.evaluate(SEEN)
        if seen["wide"] > 0:
            width = self.page.viewport_size["width"]
            self.findings.add(self.where, f"{seen['wide']} px too wide for {width}")
        for picture in seen["broken"]:
            self.findings.add(self.where, f"picture does not show: {picture}")
        face = (self.where, " ".join(sorted(set(seen["parts"]))))
        if self.javascript and face not in self.findings.looked_at:
            self.findings.looked_at.add(face)
            self._check_accessibility()
        return self

    def _check_accessibility(self) -> None:
        self.page.evaluate(AXE_SCRIPT)
        self._axe("", LIGHT)
        self.page.emulate_media(color_scheme="dark")
        self._axe(" (dark)", DARK)
        self.page.emulate_media(color_scheme="light")

    def _axe(self, how: str, options: dict) -> None:
        result = self.page.evaluate(f"axe.run({json.dumps(options | BOTH)})")
        for violation in result["violations"]:
            for node in violation["nodes"][:3]:
                what = f"axe {violation['id']} ({violation['impact']}): {node['html'][:160]}"
                self.findings.add(self.where + how, what)

    # Filling in

    def field(self, label: str, within: Locator | None = None) -> Locator:
        """The field whose label begins so."""
        scope = within or self.page
        return self._found(scope.locator("input, textarea, select").and_(scope.get_by_label(_begins(label))))

    def _found(self, target: Locator) -> Locator:
        """The first one, or a failure that shows the page on which it is missing."""
        try:
            target.first.wait_for(state="attached")
        except PlaywrightTimeout:
            text = self.page.locator("body").inner_text()
            missing = f"{target} is not on {self.page.url} ({self.where}):\n{text[:3000]}"
            raise AssertionError(missing) from None
        return target.first

    def fill(self, fields: dict[str, str], within: Locator | None = None) -> "Visitor":
        """Write texts, choose dates, or pick options, each by the label of its field."""
        for label, value in fields.items():
            target = self.field(label, within)
            if target.evaluate("e => e.tagName") == "SELECT":
                target.select_option(label=value)
            else:
                target.fill(value)
        return self

    def tick(self, *labels: str, within: Locator | None = None) -> "Visitor":
        for label in labels:
            self.field(label, within).check()
        return self

    def untick(self, *labels: str) -> "Visitor":
        for label in labels:
            self.field(label).uncheck()
        return self

    def attach(self, label: str, *files) -> "Visitor":
        self.field(label).set_input_files(list(files))
        return self

    def group(self, legend: str) -> Locator:
        return self.page.get_by_role("group", name=_begins(legend)).first

    def unfold(self, words: str) -> "Visitor":
        self.page.locator("summary", has_text=words).first.click()
        return self

    # Seeing

    def sees(self, *texts: str) -> "Visitor":
        for text in texts:
            expect(self.page.locator("body")).to_contain_text(text)
        return self

    def does_not_see(self, *texts: str) -> "Visitor":
        for text in texts:
            expect(self.page.locator("body")).not_to_contain_text(text)
        return self

    def heading_is(self, text: str) -> "Visitor":
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(text)
        return self

    def is_told(self, text: str) -> "Visitor":
        """The summary of errors is there, says this, and has the focus."""
        summary = self.page.locator(".errs")
        expect(summary).to_contain_text(text)
        if self.javascript:
            expect(summary).to_be_focused()
        return self

    def still_has(self, fields: dict[str, str]) -> "Visitor":
        for label, value in fields.items():
            expect(self.field(label)).to_have_value(value)
        return self

    def close(self) -> None:
        self.context.close()


def _begins(words: str) -> re.Pattern[str]:
    """Words for screen readers stand in a box of their own, so that a space may come before their colon."""
    pattern = re.escape(words).replace(":", r"\s*:").replace(r"\ ", r"\s+")
    return re.compile(rf"^\s*{pattern}", re.IGNORECASE)

"""The page of a survey, in a browser: opened from disk, without a network, by mouse and by keyboard."""

import json
import shutil
from dataclasses import replace

import pytest

from sci_barriers import load_candidate
from sci_barriers.survey.cells import judge
from sci_barriers.survey.plan import plan
from sci_barriers.survey.report import document, html

pytestmark = pytest.mark.slow

INSTALL = "chromium and chromedriver are needed: apt-get install chromium chromium-driver (.ci/run does it as root)"
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=1500,1000",
)
HOSTILE = "<img src='https://example.org/x' onerror='document.title=1'></script><script>document.title=2</script>"


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """A survey of two solvers, one of them with a hostile name, on two problems."""
    sizes = {"rows": 2, "columns": 3, "digits": [3, 6], "precisions": [10, 40]}
    outcomes = {
        cell: judge(cell, load_candidate(cell.solver, problem=cell.problem))
        for cell in plan(solvers=["exact", "ista"], problems=["lasso", "bpdn"], **sizes)
        if cell.solver == "exact" or cell.problem == "lasso"
    }
    for cell in plan(solvers=["memoriser"], problems=["bpdn"], **sizes):
        failed = {"verdict": "failed", "reason": HOSTILE, "warnings": [HOSTILE], "solver_status": {"a": HOSTILE}}
        outcomes[replace(cell, solver=HOSTILE)] = failed
    path = tmp_path_factory.mktemp("page") / "survey.html"
    path.write_text(html(document(outcomes)), encoding="utf-8")
    return path


@pytest.fixture
def browser(tmp_path, page):
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    program = shutil.which("chromium") or shutil.which("google-chrome")
    driver = shutil.which("chromedriver")
    if program is None or driver is None:
        pytest.fail(INSTALL)
    options = webdriver.ChromeOptions()
    options.binary_location = program
    for flag in (*FLAGS, f"--user-data-dir={tmp_path / 'profile'}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
    opened = webdriver.Chrome(options=options, service=Service(driver))
    try:
        offline = {"offline": True, "latency": 0, "downloadThroughput": 0, "uploadThroughput": 0}
        opened.execute_cdp_cmd("Network.enable", {})
        opened.execute_cdp_cmd("Network.emulateNetworkConditions", offline)
        opened.get(page.as_uri())
        yield opened
        asked = requests(opened)
        complaints = [entry["message"] for entry in opened.get_log("browser")]
    finally:
        opened.quit()
    assert asked == {page.as_uri()}
    assert complaints == []


def requests(browser):
    """Everything that the page has asked for; data: and chrome: is what the browser has in itself."""
    messages = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    sent = [m["params"]["request"]["url"] for m in messages if m["method"] == "Network.requestWillBeSent"]
    return {url for url in sent if not url.startswith(("chrome:", "data:"))}


def find(browser, selector):
    return browser.find_elements("css selector", selector)


def cell(browser, words):
    """The one cell with this label."""
    (found,) = find(browser, f'.cell[aria-label="{words}"]')
    return found


def details(browser):
    """The details as a reader sees them: heading, verdict, and a dictionary of the list."""
    (panel,) = find(browser, "#details")
    names = [element.text for element in panel.find_elements("css selector", "dt")]
    values = [element.text for element in panel.find_elements("css selector", "dd")]
    heading = panel.find_element("css selector", "h2").text
    verdict = panel.find_element("css selector", ".verdict b").text
    return heading, verdict, dict(zip(names, values, strict=True)), panel.find_element("css selector", "pre").text


def test_cells_show_their_details(browser):
    assert len(find(browser, ".card")) == 4
    cell(browser, "silently wrong: ista, lasso, K = 3, n = 10, column 2 larger").click()
    heading, verdict, facts, command = details(browser)
    assert (heading, verdict) == ("ista", "silently wrong")
    assert facts["Distance"] == "0.001061 (asked for: 1e-3)" and facts["Objective excess"].endswith("e-10")
    assert facts["It said"] == "nothing: no warning, no doubt" and "numpy" in facts["Versions"]
    assert facts["float64"] == "tells the two columns apart"
    assert command.startswith("sci-barriers survey ista --problem lasso --digits 3 --precisions 10 --orders 2 ")
    cell(browser, "float64-blind: ista, lasso, K = 6, n = 40, column 1 larger").click()
    _, verdict, facts, _ = details(browser)
    assert verdict == "float64-blind" and facts["float64"] == "holds the two columns as one number"
    cell(browser, "barrier: exact, bpdn, K = 6, common oracle").click()
    heading, verdict, facts, command = details(browser)
    assert (heading, verdict) == ("exact", "barrier") and facts["Member"].startswith("i = ")
    assert command.startswith("sci-barriers challenge exact --problem bpdn")
    assert len(find(browser, ".cell[aria-current=true]")) == 1


def test_the_filter_hides_the_other_problems(browser):
    def shown():
        return {card.get_attribute("data-problem") for card in find(browser, ".card") if card.is_displayed()}

    labels = {label.text: label for label in find(browser, "#filter label")}
    assert list(labels) == ["all", "lasso", "bpdn"] and shown() == {"lasso", "bpdn"}
    labels["bpdn"].click()
    assert shown() == {"bpdn"}
    labels["lasso"].click()
    assert shown() == {"lasso"}
    labels["all"].click()
    assert shown() == {"lasso", "bpdn"}


def test_the_keyboard_is_enough(browser):
    from selenium.webdriver.common.keys import Keys

    def press(*keys):
        for key in keys:
            browser.switch_to.active_element.send_keys(key)
        return browser.switch_to.active_element.get_attribute("aria-label")

    body = browser.find_element("css selector", "body")
    body.send_keys(Keys.TAB)  # the filter
    assert press(Keys.TAB) == "ok: exact, lasso, K = 3, control"
    assert press(Keys.ARROW_LEFT, Keys.ARROW_UP) == "ok: exact, lasso, K = 3, control"
    assert press(Keys.ARROW_RIGHT, Keys.ARROW_DOWN) == "barrier: exact, lasso, K = 6, common oracle"
    last = "right: exact, lasso, K = 6, n = 40, column 2 larger"
    assert press(Keys.END) == last
    assert press(Keys.ENTER) == "Details of a cell"
    assert details(browser)[:2] == ("exact", "right")
    assert press(Keys.ESCAPE) == last
    # each map is one stop, and it is left where it was
    assert press(Keys.TAB) == "ok: ista, lasso, K = 3, control"
    # not by colour alone
    glyphs = {button.get_attribute("class").split()[1]: button.text for button in find(browser, ".cell")}
    assert glyphs["right"] != glyphs["silently-wrong"] != glyphs["float64-blind"] != glyphs["failed"]


def test_hostile_text_is_only_shown(browser):
    (card, *_) = [card for card in find(browser, ".card") if "<img" in card.text]
    assert HOSTILE in card.text
    card.find_element("css selector", ".cell.failed").click()
    heading, verdict, facts, command = details(browser)
    assert (heading, verdict) == (HOSTILE, "failed")
    assert facts["Reason"] == facts["Warnings"] == HOSTILE and facts["Its status"] == f"a: {HOSTILE}"
    assert HOSTILE.replace("'", "'\"'\"'") in command
    assert find(browser, "img") == [] and browser.title == "sci-barriers survey"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [400, 1500])
def test_text_can_be_read_in_every_light_and_width(browser, scheme, width):
    """The contrast of glyph and cell is at least 3, as large bold symbols need; nothing is wider than the window."""
    media = {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", media)
    metrics = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    colours = browser.execute_script(
        """return [...document.querySelectorAll(".cell, body, .card p")].map(element => {
             let ground = element;
             while (getComputedStyle(ground).backgroundColor === "rgba(0, 0, 0, 0)") ground = ground.parentElement;
             return [element.className, getComputedStyle(element).color, getComputedStyle(ground).backgroundColor];
           });"""
    )
    for name, ink, ground in colours:
        assert contrast(ink, ground) >= 3, (name, ink, ground)
    assert browser.execute_script("return document.documentElement.scrollWidth <= window.innerWidth")


def contrast(one, other):
    """The contrast ratio of WCAG 2 of two colours `rgb(r, g, b)`."""

    def luminance(colour):
        parts = [int(part) / 255 for part in colour.removeprefix("rgb(").removesuffix(")").split(",")]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)

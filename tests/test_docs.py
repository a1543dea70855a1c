"""The pages about the whole: the reference names all that is public, what pages name exists, and nothing is fetched."""

import importlib
import importlib.util
import pkgutil
import re
import subprocess
import sys
import tomllib
import zlib
from html.parser import HTMLParser
from pathlib import Path

import pytest
import typer.main
import yaml

import firenet_exact.commands.app
import sci_barriers.commands.app
from proofs_checks.checker.core.verify import EXIT_CODES

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
PACKAGES = ("sci_barriers", "firenet_exact", "proofs_checks", "exact_base", "sci_barriers_plugins")
APPS = {"sci-barriers": sci_barriers.commands.app.app, "firenet-exact": firenet_exact.commands.app.app}
WRITTEN = [*sorted(DOCS.glob("*.md")), ROOT / "README.md", ROOT / "CONTRIBUTING.md"]
GENERATED = "commands.md"


@pytest.fixture(scope="module")
def reference():
    spec = importlib.util.spec_from_file_location("reference", DOCS / "reference.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The documentation, built as `python3 dev.py docs` does, but without what an earlier build has left."""
    out = tmp_path_factory.mktemp("html")
    command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-j", "auto", "-b", "html"]
    done = subprocess.run([*command, "-d", str(out / "doctrees"), str(DOCS), str(out / "html")], **TEXT)
    assert done.returncode == 0, done.stdout + done.stderr
    return out / "html"


TEXT = {"capture_output": True, "text": True, "check": False}


def public():
    """Every (module, name) in the `__all__` of a module whose dotted name has no part with an underscore before it."""
    for package in PACKAGES:
        top = importlib.import_module(package)
        for info in pkgutil.walk_packages(top.__path__, f"{package}."):
            if not any(part.startswith("_") for part in info.name.split(".")):
                module = importlib.import_module(info.name)
                yield from ((info.name, name) for name in getattr(module, "__all__", ()) if name != "__version__")
        yield from ((package, name) for name in getattr(top, "__all__", ()) if name != "__version__")


# --- the public names ------------------------------------------------------------------------------


def described(pages):
    """What the pages have an entry for: {(module, name)}."""
    found = set()
    for text in pages.values():
        for target in re.findall(r"^\.\. auto(?:class|function|exception):: (\S+)$", text, re.MULTILINE):
            found.add(tuple(target.rsplit(".", 1)))
        for name, module in re.findall(r"^\.\. py:(?:data|function):: (\S+)\n   :module: (\S+)$", text, re.MULTILINE):
            found.add((module, name))
    return found


@pytest.mark.slow
def test_every_public_name_has_one_entry_or_a_link_to_it(reference):
    """Each is described where it is at home, and each module that offers it says so."""
    pages = reference.api_pages()
    entries = described(pages)
    names = list(public())
    assert len(names) > 500
    for module, name in names:
        parts = module.split(".")
        page = pages[".".join(parts[:2])]
        links = set(re.findall(rf":py:obj:`{name} <([\w.]+)>`", page))
        homes = {(target.rpartition(".")[0], name) for target in links}
        is_module = any(target == f"{module}.{name}" for target in links)
        assert (module, name) in entries or homes & entries or is_module, f"{module}.{name}"
    assert entries <= set(names)


def test_entries_are_of_the_kind_of_the_name(reference):
    errors, grammar = importlib.import_module("exact_base.errors"), importlib.import_module("exact_base.grammar")
    assert reference._entry(errors, "UsageError")[0] == ".. autoexception:: exact_base.errors.UsageError"
    assert reference._entry(grammar, "float_ratio")[0] == ".. autofunction:: exact_base.grammar.float_ratio"
    data = reference._entry(grammar, "MAX_RUN")
    assert data[0] == ".. py:data:: MAX_RUN" and "digits" in " ".join(data)


def test_a_docstring_is_meant_as_it_stands(reference):
    assert reference.plain("|x|_w, a*b and `f(x)`s of x_ in **Q**") == (
        r"\|x\|_w, a\*b and ``f(x)``\ s of x\_ in \*\*Q\*\*"
    )


def test_an_example_of_a_docstring_is_left_alone(reference):
    text = "Of a*b:\n\n    >>> f(**a) | b_\n    'a*b'\n\nand a*b."
    assert reference.plain(text) == text.replace("Of a*b", r"Of a\*b").replace("and a*b", r"and a\*b")


# --- the commands ----------------------------------------------------------------------------------


def test_every_command_and_option_is_listed(reference):
    page = reference.commands_page()
    for program, app in APPS.items():
        group = typer.main.get_command(app)
        for word, command in group.commands.items():
            if command.hidden:
                assert f"`{program} {word}`" in page  # an older name, in a footnote
                continue
            section = page.partition(f"### `{program} {word}`\n")[2].partition("\n#")[0]
            shown = (parameter for parameter in command.params if parameter.param_type_name == "option")
            options = [name for parameter in shown for name in parameter.opts if name != "--help"]
            assert section and [name for name in options if name not in section] == []
    for command in ("proofs-checks verify", "proofs-checks explain"):
        assert "--time-limit" in page.partition(f"### `{command}`\n")[2].partition("\n#")[0]
    assert "## `python -m proofs_checks.lemmas`" in page


def test_an_older_name_of_a_command_is_a_footnote(reference):
    app = typer.Typer()

    @app.callback()
    def root():
        """What it is for."""

    def work(size: int = 3):
        """Do it."""

    app.command("work")(work)
    app.command("labour", hidden=True)(work)
    page = "\n".join(reference._typer_program("program", app))
    assert "### `program work`" in page and "### `program labour`" not in page
    assert "[^program-work]: Still understood: `program labour`." in page
    assert "default: 3" in page


def test_the_exit_codes_are_those_of_the_checker(reference):
    assert set(EXIT_CODES.values()) < set(reference.EXIT_CODES)
    for verdict, code in EXIT_CODES.items():
        assert verdict in reference.EXIT_CODES[code][0]
    page = reference.commands_page()
    for code, words in reference.EXIT_CODES.items():
        assert f"| {code} | {words[0]} |" in page.partition("## Exit codes\n")[2].partition("\n## ")[0]


# --- what pages name -------------------------------------------------------------------------------


@pytest.mark.parametrize("page", WRITTEN, ids=lambda page: page.name)
def test_links_lead_somewhere(page):
    """To files; that the headings are there too is a warning of the builder, and so an error."""
    for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text(encoding="utf-8")):
        other = (page.parent / target).resolve()
        assert re.match(r"[a-z]+:", target) or other == DOCS / GENERATED or other.exists(), target


def test_headings_that_the_readme_links_exist():
    """The builder does not see the README."""
    links = re.findall(r"\]\((docs/[\w-]+\.md)#([\w-]+)\)", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert links
    for page, anchor in links:
        headings = re.findall(r"^#+ (.*)$", (ROOT / page).read_text(encoding="utf-8"), re.MULTILINE)
        assert anchor in [re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings]


@pytest.mark.parametrize("path", [p for package in PACKAGES for p in sorted((ROOT / package).rglob("*.py"))], ids=str)
def test_pages_that_code_names_exist(path):
    """A docstring that says docs/PAGE.md, "Heading", names a heading, or words set apart, of that page."""
    text = " ".join(path.read_text(encoding="utf-8").split())
    for page, section in re.findall(r'docs/([\w-]+\.md)(?:, "([^"]+)")?', text):
        assert (DOCS / page).is_file() or page == GENERATED, page
        if section:
            body = (DOCS / page).read_text(encoding="utf-8").replace("`", "")
            heads = re.findall(r"^#+ (.*)$|\*([^*]+)\*", body, re.MULTILINE)
            assert any(section.lower() in " ".join(head).lower() for head in heads), (page, section)


def test_paths_in_contributing_exist():
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    named = {word for word in re.findall(r"`([\w./-]+)`", text) if "/" in word}
    assert len(named) > 40
    assert [name for name in sorted(named) if name != "docs/commands.md" and not (ROOT / name).exists()] == []


@pytest.mark.parametrize("package", PACKAGES)
def test_contributing_names_every_room(package):
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").partition("## The house")[2].partition("\n## To")[0]
    section = next(part for part in text.split("\n### ") if f"`{package}`" in part.partition("\n")[0])
    tables = re.split(r"^\| room \|.*$", section, flags=re.MULTILINE)[1:]
    shared = len(tables) > 1  # one section has the tables of two packages
    table = tables[["proofs_checks", "sci_barriers_plugins"].index(package)] if shared else tables[0]
    listed = re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)
    children = {
        path.stem
        for path in (ROOT / package).iterdir()
        if (path.suffix == ".py" and path.stem != "__init__") or (path.is_dir() and (path / "__init__.py").exists())
    }
    assert sorted(listed) == sorted(children)


def test_every_page_is_in_the_index():
    listed = re.findall(r"^([\w/-]+)$", (DOCS / "index.md").read_text(encoding="utf-8"), re.MULTILINE)
    pages = {path.stem for path in DOCS.glob("*.md")} - {"index", "table1"} | {"commands", "api/index"}
    assert sorted(listed) == sorted(pages)
    assert len(re.findall(r"^:caption: ", (DOCS / "index.md").read_text(encoding="utf-8"), re.MULTILINE)) == 5


def test_the_citation_file_is_true():
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert cited["cff-version"] == "1.2.0" and {"message", "title", "authors"} <= set(cited)
    assert (cited["title"], cited["version"], cited["license"]) == tuple(
        project[key] for key in ("name", "version", "license")
    )
    assert cited["authors"] == [{"name": "The sci-barriers developers"}]
    assert [reference["doi"] for reference in cited["references"]] == ["10.1073/pnas.2107151119"]


# --- what is built ---------------------------------------------------------------------------------


class Loads(HTMLParser):
    """What a page makes a browser load."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        if tag in ("script", "img", "iframe", "source", "video", "audio", "embed"):
            self.found.append(values.get("src"))
        if tag == "link" and values.get("rel") not in ("canonical", "next", "prev", "index", "search", "author"):
            self.found.append(values.get("href"))


def loads(text):
    parser = Loads()
    parser.feed(text)
    return [address for address in parser.found if address]


def elsewhere(address):
    return address.startswith(("http:", "https:", "//"))


def test_formulas_are_set_by_what_lies_beside_the_pages():
    names = {"__file__": str(DOCS / "conf.py")}
    exec(compile((DOCS / "conf.py").read_text(encoding="utf-8"), names["__file__"], "exec"), names)
    assert (Path(names["html_static_path"][0]) / names["mathjax_path"]).is_file()
    assert [value for value in names.values() if isinstance(value, str) and elsewhere(value)] == []


def test_what_a_page_loads_is_seen():
    page = '<script src="https://a/b.js"></script><link rel="stylesheet" href="x.css"><a href="https://c"></a>'
    assert loads(page) == ["https://a/b.js", "x.css"]
    assert [address for address in loads(page) if elsewhere(address)] == ["https://a/b.js"]


@pytest.mark.slow
def test_no_built_page_loads_anything_from_elsewhere(built):
    pages = list(built.rglob("*.html"))
    assert len(pages) > 60
    for page in pages:
        for address in loads(page.read_text(encoding="utf-8")):
            assert not elsewhere(address), (page.name, address)
            if not address.startswith("data:"):
                assert (page.parent / address.partition("?")[0]).resolve().exists(), (page.name, address)
    for sheet in built.rglob("*.css"):
        text = sheet.read_text(encoding="utf-8")
        assert not re.search(r"(?:url\(|@import)\s*['\"]?(?:https?:)?//", text), sheet.name


@pytest.mark.slow
def test_the_built_reference_has_every_public_name(built):
    data = (built / "objects.inv").read_bytes().split(b"\n", 4)[4]
    known = {line.split(" ")[0] for line in zlib.decompress(data).decode().splitlines()}
    for module, name in public():
        value = getattr(importlib.import_module(module), name)
        homes = {module, getattr(value, "__module__", None)}
        if not any(f"{home}.{name}" in known for home in homes):
            assert any(entry.endswith(f".{name}") for entry in known), f"{module}.{name}"


@pytest.mark.slow
def test_formulas_are_set_without_a_network(built):
    """A real browser, for which no other machine has a name."""
    from selenium import webdriver
    from selenium.webdriver.support.wait import WebDriverWait

    options = webdriver.ChromeOptions()
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--host-resolver-rules=MAP * ~NOTFOUND"):
        options.add_argument(argument)
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService("/usr/bin/chromedriver"))
    try:
        driver.get((built / "theory.html").as_uri())
        count = "return document.querySelectorAll('mjx-container').length"
        formulas = driver.execute_script("return document.querySelectorAll('.math').length")
        WebDriverWait(driver, 120).until(lambda browser: browser.execute_script(count) >= formulas > 300)
        assert driver.execute_script("return document.querySelectorAll('mjx-merror').length") == 0
        assert driver.execute_script("return document.fonts.check('20px MJXTEX-I')")
    finally:
        driver.quit()

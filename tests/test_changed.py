"""What a change can reach: in a small project of its own, and in this one."""

import subprocess

import pytest

from tests.changed import Project, changed_files

FILES = {
    "exact_base/__init__.py": "",
    "exact_base/low.py": "x = 1",
    "firenet_exact/__init__.py": "_HOMES = {'solve': 'top', 'Level': 'firenet_exact.level'}",
    "firenet_exact/top.py": "def f():\n    from exact_base.low import x",
    "firenet_exact/level.py": "",
    "sci_barriers/__init__.py": "",
    "sci_barriers/__main__.py": "import sci_barriers.app",
    "sci_barriers/app.py": "",
    "tests/conftest.py": "",
    "tests/helper.py": "from exact_base import low",
    "tests/test_low.py": "from exact_base.low import x",
    "tests/test_top.py": "from firenet_exact import solve",
    "tests/test_level.py": "from firenet_exact import Level",
    "tests/test_face.py": "import firenet_exact",
    "tests/test_program.py": "program = 'import sys, firenet_exact.level'",
    "tests/test_command.py": "command = ['-m', 'sci_barriers', 'x']",
    "tests/test_page.py": "page = root / 'docs' / 'tour.md'",
    "tests/room/conftest.py": "",
    "tests/room/test_helped.py": "from tests.helper import low",
}


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    root = tmp_path_factory.mktemp("project")
    for name, text in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return root


@pytest.mark.parametrize(
    ("changed", "reached"),
    [
        ({"exact_base/low.py"}, {"low", "top", "face", "room/helped"}),
        ({"firenet_exact/top.py"}, {"top", "face"}),
        ({"firenet_exact/level.py"}, {"level", "face", "program"}),
        ({"firenet_exact/__init__.py"}, {"top", "level", "face", "program"}),
        ({"sci_barriers/app.py"}, {"command"}),
        ({"tests/helper.py"}, {"room/helped"}),
        ({"tests/test_low.py"}, {"low"}),
        ({"docs/tour.md"}, {"page"}),
        ({"docs/pictures/road.svg"}, {"page"}),
        ({"benchmarks/data.csv"}, set()),
        ({"tests/room/conftest.py"}, {"room/helped"}),
        ({"tests/room/conftest.py", "sci_barriers/app.py"}, {"room/helped", "command"}),
        (set(), set()),
    ],
)
def test_what_a_change_reaches(project, changed, reached):
    names = {f"tests/{'/'.join([*path.split('/')[:-1], 'test_' + path.split('/')[-1]])}.py" for path in reached}
    assert set(Project(project).reached(changed)) == names


@pytest.mark.parametrize("changed", ["pyproject.toml", "tests/conftest.py"])
def test_what_reaches_every_test(project, changed):
    assert len(Project(project).reached([changed])) == sum("/test_" in name for name in FILES)


def test_changed_files_are_committed_changed_or_new(tmp_path):
    def git(*arguments):
        identity = ("-c", "user.name=x", "-c", "user.email=x@example.org", "-c", "commit.gpgsign=false")
        subprocess.run(["git", *identity, *arguments], cwd=tmp_path, check=True, capture_output=True)

    git("init", "-b", "main")
    for name in ("same", "committed", "edited"):
        (tmp_path / name).write_text("1")
    (tmp_path / ".gitignore").write_text("ignored")
    git("add", "-A")
    git("commit", "-m", "1")
    git("checkout", "-b", "mine")
    (tmp_path / "committed").write_text("2")
    git("commit", "-am", "2")
    git("checkout", "main")
    (tmp_path / "later").write_text("not mine")
    git("add", "-A")
    git("commit", "-m", "3")
    git("checkout", "mine")
    for name in ("edited", "new", "ignored"):
        (tmp_path / name).write_text("3")
    assert changed_files("main", tmp_path) == {"committed", "edited", "new"}


@pytest.mark.slow
def test_this_project():
    project = Project()
    assert project.reached(["proofs_checks/lemmas/kernel.py"]) != []
    assert "tests/test_packaging.py" in project.reached(["dev.py"])
    assert "tests/test_tutorial.py" in project.reached(["docs/tutorial.md"])
    assert "tests/test_changed.py" in project.reached(["tests/changed.py"])

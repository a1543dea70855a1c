"""The Python blocks of docs/testing.md are run, in order, in one empty directory."""

import re

from hypothesis import settings

BLOCK = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def test_the_page_runs(root, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    blocks = BLOCK.findall((root / "docs" / "testing.md").read_text(encoding="utf-8"))
    assert len(blocks) >= 6
    names: dict[str, object] = {"__name__": "testing_page"}
    before = settings.get_current_profile_name()
    settings.register_profile("testing page", derandomize=True, deadline=None)
    settings.load_profile("testing page")
    try:
        for text in blocks:
            exec(compile(text, "docs/testing.md", "exec"), names)
    finally:
        settings.load_profile(before)

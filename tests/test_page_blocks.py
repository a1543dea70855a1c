"""The Python blocks of the pages about what can and what cannot be computed are run as they stand."""

import re

import numpy as np
import pytest

from proofs_checks.checker import verify_bytes
from tests.firenet_exact.matrices import gaussian

BLOCK = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize(
    "pages",
    # the blocks of the second page go on from the first
    [
        ("firenet", "recovery"),
        ("nullspace",),
        ("files",),
        ("network-exists", "breakdown"),
        ("reads",),
        ("best-constants",),
    ],
    ids=lambda pages: pages[0],
)
def test_the_blocks_run_and_their_certificates_are_valid(root, tmp_path, monkeypatch, pages):
    monkeypatch.chdir(tmp_path)
    np.save("A.npy", gaussian(24, 32).to_float())
    names: dict[str, object] = {}
    certificates = []
    for page in pages:
        blocks = BLOCK.findall((root / "docs" / f"{page}.md").read_text(encoding="utf-8"))
        assert blocks
        for text in blocks:
            names.pop("data", None)
            exec(compile(text, f"docs/{page}.md", "exec"), names)
            if "data" in names:
                certificates.append(names["data"])
    certificates += [path.read_bytes() for path in tmp_path.glob("*.cert.json")]
    assert certificates and {verify_bytes(data).verdict for data in certificates} == {"valid"}


def test_the_blocks_about_images_run(root, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    blocks = BLOCK.findall((root / "docs" / "imaging.md").read_text(encoding="utf-8"))
    assert len(blocks) >= 2 and all("assert " in text for text in blocks)
    names: dict[str, object] = {}
    for text in blocks:
        exec(compile(text, "docs/imaging.md", "exec"), names)

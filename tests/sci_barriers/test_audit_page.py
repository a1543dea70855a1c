"""The table of the page on audits is audited as it says: its files, its claims, its commands and what they print."""

import doctest
import re

from proofs_checks.checker import verify_path

BLOCK = re.compile(r"^```(console|python|toml)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def test_the_table_of_the_page_is_audited(root, tmp_path, monkeypatch, call):
    monkeypatch.chdir(tmp_path)
    page = (root / "docs" / "audit.md").read_text(encoding="utf-8")
    (_, code), (_, claims), (_, console) = BLOCK.findall(page)
    exec(compile(code, "docs/audit.md", "exec"), {})
    (tmp_path / "claims.toml").write_text(claims, encoding="utf-8")
    command, _, expected = console.partition("\n")
    assert command == "$ sci-barriers audit-claims claims.toml --out audited"
    code, out, err = call("audit-claims", "claims.toml", "--out", "audited")
    assert code == 3 and err == "sci-barriers: error: 1 row of 4 cannot be used\n"
    assert doctest.OutputChecker().check_output(expected, out, doctest.NORMALIZE_WHITESPACE), out
    report = verify_path(tmp_path / "audited")
    assert report.verdict == "valid" and len(report.parts) == 3

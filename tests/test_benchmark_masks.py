"""The campaign of masks: what it writes, and that it goes on from there."""

import json

import pytest

from benchmarks.masks import main, read, table


@pytest.mark.slow
def test_a_campaign_is_resumed_and_its_table_says_what_was_found(tmp_path):
    out, page = tmp_path / "new" / "masks.jsonl", tmp_path / "page.md"
    said = []
    main(["--out", str(out), "--bits", "5", "--masks", "1"], tell=said.append)
    (first,) = read(out)
    assert first["seed"] == 1 and first["limits"][-1] >= first["recoverable"][-1]
    with open(out, "a", encoding="utf-8") as file:
        file.write('{"bits": 5, "se')  # what an interrupt may leave
        file.write("\n")
    page.write_text("before\n<!-- masks: begin -->\nold\n<!-- masks: end -->\nafter\n", encoding="utf-8")
    main(["--out", str(out), "--bits", "5", "--masks", "2", "--markdown", str(page)], tell=said.append)
    lines = read(out)
    assert [line["seed"] for line in lines] == [1, 2] and lines[0] == first
    assert json.loads(out.read_text(encoding="utf-8").splitlines()[0]) == first
    text = page.read_text(encoding="utf-8")
    assert said[-1] in text and "old" not in text and text.startswith("before") and text.endswith("after\n")
    row = said[-1].splitlines()[2].split(" | ")
    assert row[0] == "| 32 x 32" and row[1] == "2" and row[2] == str(sum(line["rho"] is not None for line in lines))


def test_a_table_has_medians_with_the_least_and_the_largest():
    line = {"bits": 6, "uniform": None, "sparsities": [1, 2], "rho": 0.25, "gamma": 1.25, "bytes": 1000, "units": 100}
    line |= {"check_units": 3, "recoverable": [5, 5], "limits": [5, None]}
    lines = [line, line | {"sparsities": None, "rho": None, "gamma": None, "recoverable": [4, 5]}]
    cells = table(lines)[2].split(" | ")
    assert cells[1:9] == ["2", "1", "1, 2", "0", "4 (4 to 5), 5", "5, -", "0.250", "1.250"]

"""Write the corpus from the tables of tests/proofs_checks/cases: `python -m tests.corpus.generate`, from the root.

Nothing is random: writing it again gives the same bytes. A file is named by what is wrong with it. The corpus is what
another checker of the format would be tested on; the expected verdict is the folder.
"""

from pathlib import Path

from tests.proofs_checks.cases import table

ROOT = Path(__file__).resolve().parent
SUFFIX = ".cert.json"


def corpus():
    """{relative path: bytes} of the whole corpus."""
    files = {f"accept/{case}{SUFFIX}": data for case, data in table("ACCEPT").items()}
    for folder in ("reject", "malformed"):
        files |= {f"{folder}/{case}{SUFFIX}": data for case, (_, data) in table(folder.upper()).items()}
    return files


def main():
    files = corpus()
    for folder in ("accept", "reject", "malformed"):
        (ROOT / folder).mkdir(exist_ok=True)
        for path in (ROOT / folder).glob(f"*{SUFFIX}"):
            if f"{folder}/{path.name}" not in files:
                path.unlink()
    for name, data in files.items():
        (ROOT / name).write_bytes(data)


if __name__ == "__main__":
    main()

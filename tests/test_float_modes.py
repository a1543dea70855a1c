"""What is read from a float is what its bits say, and certified float64 arithmetic is refused where it is not IEEE's.

Each script runs in a process of its own, where subnormal numbers are taken for zero.
"""

import platform
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from flint import fmpq

from sci_barriers import IsolatedCandidate, Limits, OmegaClass
from sci_barriers.games.game import play_game

KNOWN = platform.machine() in ("x86_64", "AMD64", "aarch64", "arm64")
known = pytest.mark.skipif(
    not KNOWN, reason="how this processor flushes to zero is not known here; only the bits are tested"
)
MODES = Path(__file__).with_name("float_modes.py")

BEGIN = """
import sys
import numpy as np
from flint import fmpq
LEAST = fmpq(1, 2**1074)
least = np.array([1], dtype=np.int64).view(np.float64)
single = np.array([1], dtype=np.int32).view(np.float32)
half = np.array([1], dtype=np.int16).view(np.float16)
"""

FLUSHED = """
assert float(least[0]) == 0.0 and least[0] * 2.0**1000 == 0  # the mode is set
"""

READ = """
from exact_base.rationals import exact_number, float_exactly
from firenet_exact import exact_column, exact_matrix
from exact_base.scalars import exact, exact_array
from exact_base.scalars import exact_vector as vector
number = least.tolist()[0]
assert exact(number) == exact(least[0]) == exact_number(number) == exact_number(least[0]) == LEAST
assert float_exactly(number) == LEAST and exact(-least[0]) == -LEAST
assert exact(single[0]) == exact_number(single[0]) == fmpq(1, 2**149)
assert exact(half[0]) == exact_number(half[0]) == fmpq(1, 2**24)
assert exact(complex(0, number)) == exact(complex(0, number)) and exact(complex(0, number)).im == LEAST
assert exact_array(least)[0] == vector([number], length=1)[0] == LEAST
assert exact_array([single[0], number, 2**60 + 1]).tolist() == [fmpq(1, 2**149), LEAST, fmpq(2**60 + 1)]
assert exact_array([single, least]).tolist() == [[fmpq(1, 2**149)], [LEAST]]
assert exact_matrix([[number, single[0]]]).den == 2**1074 and exact_column(least).re[0, 0] == 1
"""

FILES = """
from pathlib import Path
from exact_base.readers import read_matrix
for name, value in (("d", least), ("f", single), ("e", half), ("F", single + 0), ("D", least + 0)):
    np.save(f"{name}.npy", value.astype(value.dtype)[None])
    found = read_matrix(Path(f"{name}.npy"))
    if name.islower():
        assert found.den == {"d": 2**1074, "f": 2**149, "e": 2**24}[name] and found.re[0, 0] == 1
(Path("x.csv")).write_text("4.9406564584124654e-324, 1")
assert read_matrix(Path("x.csv")).den > 1
from scipy import io, sparse
for form in (sparse.dia_matrix, sparse.csr_array):
    held = form((np.concatenate([least, least])[None], [0]), shape=(2, 2)) if form is sparse.dia_matrix else None
    held = form((least, [0], [0, 1, 1]), shape=(2, 2)) if held is None else held
    sparse.save_npz("s.npz", held)
    assert read_matrix(Path("s.npz")).den == 2**1074
io.savemat("m.mat", {"A": least})
assert read_matrix(Path("m.mat")).den == 2**1074
numbers = np.array([0, 1], dtype=np.int64).view(complex)
io.savemat("c.mat", {"A": numbers})
try:
    read_matrix(Path("c.mat"))
except Exception as error:
    assert "flush-to-zero" in str(error), error
else:
    raise SystemExit("a complex array was not refused")
"""

NETWORK = """
import firenet_exact as fe
matrix = fe.exact_matrix([["3/4", "1/8", "0"], ["0", "1/2", "1/3"]])
norm = fe.operator_norm(matrix)
parameters = fe.own_parameters(
    fe.Levels.of([3], [1]), norm, lam=fmpq(1, 4), delta=fmpq(1, 1000), epsilon0=fmpq(1), p=5, n=3
)
network, data = fe.Firenet(matrix, parameters, norm=norm), fe.exact_column(["1/2", "1/3"])
assert fe.forward(network, data, arithmetic="fixed").point.rows == 3
try:
    fe.forward(network, data, arithmetic="float64")
except fe.DataError as error:
    assert SAID in str(error) and len(str(error).splitlines()) == 1, error
else:
    raise SystemExit("float64 was not refused")
"""


def run(tmp_path, mode, text):
    script = tmp_path / "script.py"
    script.write_text(text)
    command = [sys.executable, str(MODES), mode, str(script)]
    return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120)


CHECKER = """
import struct
from fractions import Fraction
from proofs_checks.certificate.npy import decode_npy
for bits in ([1], [1, 0x3FF0000000000000], [0x7FE0000000000000, 0x800FFFFFFFFFFFFF, 0], [0x3FB999999999999A, 0]):
    header = b"{'descr': '<f8', 'fortran_order': False, 'shape': (%d,), }\\n" % len(bits)
    content = struct.pack(f"<{len(bits)}Q", *bits)
    data = b"\\x93NUMPY\\x01\\x00" + struct.pack("<H", len(header)) + header + content
    _, found, _ = decode_npy(data, "X.npy")
    exact = []
    for value in bits:
        exponent, fraction = value >> 52 & 0x7FF, value % 2**52
        size = fraction + 2**52 if exponent else fraction
        exact.append((-1) ** (value >> 63) * Fraction(size) * Fraction(2) ** (max(exponent, 1) - 1075))
    assert [Fraction(n, 2**found.bits) for n in found] == exact, (bits, list(found))
    assert Fraction(found.largest, 2**found.bits) == max(map(abs, exact)), bits
"""


@known
@pytest.mark.parametrize("text", [READ, FILES, CHECKER], ids=["numbers", "files", "checker"])
def test_floats_are_read_by_their_bits(tmp_path, text):
    done = run(tmp_path, "flush", BEGIN + FLUSHED + text)
    assert done.returncode == 0, done.stderr


@known
@pytest.mark.parametrize(("mode", "said"), [("flush", "subnormal numbers for zero"), ("upward", "round to nearest")])
def test_float64_arithmetic_is_refused_where_it_is_another(tmp_path, mode, said):
    done = run(tmp_path, mode, BEGIN + f"SAID = {said!r}\n" + NETWORK)
    assert done.returncode == 0, done.stderr


def test_the_check_can_pass():
    from firenet_exact.arithmetic.float_model import check_arithmetic

    check_arithmetic()


SOLVER = """
import sys
sys.path.insert(0, {folder!r})
from float_modes import flush_to_zero
import numpy as np
flush_to_zero()
def solve(A, y, lam):
    x = np.zeros(A.shape[1])
    x.view(np.int64)[0] = 1
    assert x[0] == 0.0
    return x
"""


@known
def test_the_answer_of_a_solver_is_what_its_bits_say(tmp_path):
    (tmp_path / "fast.py").write_text(SOLVER.format(folder=str(MODES.parent)))
    omega = OmegaClass.create("lasso", digits=3, rows=2, columns=3)
    limits = Limits(seconds=20)
    with IsolatedCandidate(f"{tmp_path}/fast.py:solve", problem="lasso", scaling="half", limits=limits) as candidate:
        run = play_game(candidate, omega).play.run
    assert run.status == "returned", run.failure
    assert run.output.tolist() == [fmpq(1, 2**1074), 0, 0]


@pytest.mark.skipif(shutil.which("gcc") is None, reason="the same with a compiler, where there is one")
def test_a_library_built_with_fast_math(tmp_path):
    """Merely loading it sets the modes, with compilers that link crtfastmath into shared libraries; the reading holds
    whether they do or not."""
    (tmp_path / "fast.c").write_text("double twice(double x) { return 2 * x; }\n")
    compiled = ["gcc", "-shared", "-fPIC", "-Ofast", "-ffast-math", "fast.c", "-o", "fast.so"]
    subprocess.run(compiled, cwd=tmp_path, check=True, timeout=60)
    text = BEGIN + "import ctypes\nctypes.CDLL('./fast.so')\n" + READ
    (tmp_path / "script.py").write_text(text)
    done = subprocess.run([sys.executable, "script.py"], cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr


def test_numpy_floats_of_all_widths():
    from exact_base.grammar import float_ratio

    for code in "efdg":
        for value in (np.finfo(code).tiny, np.finfo(code).max, np.finfo(code).smallest_subnormal, np.finfo(code).eps):
            for signed in (value, -value):
                assert float_ratio(signed) == tuple(map(int, signed.as_integer_ratio()))
        for bad in ("nan", "inf", "-inf"):
            with pytest.raises(ValueError, match="finite"):
                float_ratio(np.dtype(code).type(bad))
    assert float_ratio(-0.0) == (0, 1)

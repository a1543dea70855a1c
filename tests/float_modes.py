"""Processor modes that a library built with -ffast-math sets, for a test that runs in a process of its own.

    python tests/float_modes.py flush script.py

runs a script with subnormal numbers taken for zero. The modes are set by a few bytes of machine code, so that no
compiler is needed.
"""

import ctypes
import mmap
import platform
import runpy
import sys

_CODE = {
    "x86_64": (b"\x0f\xae\x17\xc3", lambda: ctypes.byref(ctypes.c_uint32(0x9FC0))),  # ldmxcsr [rdi]; ret: FTZ and DAZ
    "aarch64": (bytes.fromhex("00441bd5c0035fd6"), lambda: ctypes.c_uint64(1 << 24)),  # msr fpcr, x0; ret: FZ
}


def flush_to_zero():
    """Make this thread take subnormal numbers for zero."""
    code, argument = _CODE[{"AMD64": "x86_64", "arm64": "aarch64"}.get(platform.machine(), platform.machine())]
    page = mmap.mmap(-1, mmap.PAGESIZE, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    page.write(code)
    address = ctypes.addressof(ctypes.c_char.from_buffer(page))
    ctypes.CFUNCTYPE(None, ctypes.c_void_p)(address)(argument())


def round_upward():
    """Make this thread round upwards."""
    mode = {"x86_64": 0x800, "AMD64": 0x800, "aarch64": 0x400000, "arm64": 0x400000}[platform.machine()]
    assert ctypes.CDLL(None).fesetround(mode) == 0


if __name__ == "__main__":
    mode, script = sys.argv[1:]
    {"flush": flush_to_zero, "upward": round_upward}[mode]()
    runpy.run_path(script, run_name="__main__")

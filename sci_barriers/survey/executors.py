"""Where cells are run: in processes of this machine, or on a Dask cluster. Outcomes come back as they are finished."""

from __future__ import annotations

import concurrent.futures
import contextlib
import multiprocessing
import os
import signal
import threading
from collections.abc import Generator, Sequence
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import Connection

from exact_base.errors import SolverError, UsageError
from sci_barriers.survey.cells import Cell, CellOutcome, run_cell

__all__ = ["run_here", "run_on_cluster"]

_CONNECT = 15
_LOST = "the finished cells are in the ledger, and the same command goes on from there"


def run_here(cells: Sequence[Cell], *, jobs: int) -> Generator[tuple[Cell, CellOutcome], None, None]:
    """Run cells in this many processes. Closing the iterator ends them, with whatever they are doing.

    Raises:
        SolverError: if one of the processes is lost.
    """
    if not cells:
        return
    context = multiprocessing.get_context("spawn")
    leash, held = context.Pipe()
    pool = concurrent.futures.ProcessPoolExecutor(
        min(jobs, len(cells)), mp_context=context, initializer=_on_leash, initargs=(held,)
    )
    try:
        futures = {pool.submit(run_cell, cell): cell for cell in cells}
        for future in concurrent.futures.as_completed(futures):
            yield futures[future], future.result()
    except BrokenProcessPool:
        raise SolverError(f"a process of the survey was killed; {_LOST}") from None
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        leash.close()
        held.close()


def _on_leash(held: Connection) -> None:
    """End this process when the survey ends, however it ends; also a killed process lets go of its end of the pipe."""
    # Ctrl-C reaches all processes of a terminal, and it is for the survey to act on it
    signal.signal(signal.SIGINT, lambda *_: None)

    def wait() -> None:
        with contextlib.suppress(EOFError, OSError):
            held.recv()
        os._exit(0)

    threading.Thread(target=wait, daemon=True).start()


def run_on_cluster(cells: Sequence[Cell], *, address: str) -> Generator[tuple[Cell, CellOutcome], None, None]:
    """Run cells on the Dask cluster with this scheduler. Closing the iterator cancels what has not begun.

    Raises:
        UsageError: if Dask is not installed or the scheduler cannot be reached.
        SolverError: if the cluster loses a cell.
    """
    try:
        import distributed
    except ImportError:
        raise UsageError("--scheduler needs Dask: pip install 'sci-barriers[distributed]'") from None
    try:
        client = distributed.Client(address, timeout=_CONNECT, set_as_default=False)
    except (OSError, ValueError) as error:
        raise UsageError(f"no Dask scheduler can be reached at {address}: {error}") from None
    try:
        # the outcome of a cell is no function of its inputs: it may have timed out
        futures = dict(zip(client.map(run_cell, cells, pure=False), cells, strict=True))
        try:
            for future in distributed.as_completed(futures, loop=client.loop):
                yield futures[future], future.result()
        except (distributed.KilledWorker, distributed.CancelledError, OSError) as error:
            raise SolverError(f"the cluster has lost a cell ({type(error).__name__}); {_LOST}") from None
        finally:
            client.cancel(list(futures))
    finally:
        client.close()

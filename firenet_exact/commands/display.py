"""How far a search is, on standard error, if that is a terminal."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from rich.progress import BarColumn, ProgressColumn, Task, TimeElapsedColumn
from rich.text import Text

from exact_base.terminal import progress_display
from firenet_exact.null_space import Begun, Event, NullSpaceProperty
from firenet_exact.null_space.choose import summary
from firenet_exact.running import Progress as Step

__all__ = ["search_display"]


class Show(Protocol):
    """What `search_display` yields."""

    def __call__(self, event: Event) -> None:
        """Show an event."""


class _Best(ProgressColumn):
    """The best that is proved, and what is left of the budget, which goes on between the events."""

    def __init__(self, deadline: float | None) -> None:
        super().__init__()
        self._deadline = deadline

    def render(self, task: Task) -> Text:
        left = "" if self._deadline is None else f"; {max(0, round(self._deadline - time.monotonic()))} s left"
        return Text(f"{task.fields['best']}{left}")


@contextmanager
def search_display(best: NullSpaceProperty | None, *, deadline: float | None) -> Iterator[Show]:
    """Show the method, the time since the beginning, the best property, and the time until the deadline."""
    columns = ("{task.description}", BarColumn(bar_width=20), TimeElapsedColumn(), _Best(deadline))
    with progress_display(*columns) as display:
        task = display.add_task("", total=None, best="nothing proved yet" if best is None else summary(best))
        method = ""

        def show(event: Event) -> None:
            nonlocal method
            if isinstance(event, Begun):
                method = f"{event.method}, sparsity {', '.join(map(str, event.sparsities))}"
                display.update(task, description=method, completed=0, total=None)
            elif isinstance(event, Step):
                display.update(task, description=f"{method}: {event.label}", completed=event.done, total=event.count)
            elif isinstance(event, NullSpaceProperty):
                display.update(task, best=summary(event))

        yield show

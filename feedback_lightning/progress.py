"""A progress bar for long work, on standard error; work of less than two seconds shows none.

A pipe or a log file gets no bar.
"""

from collections.abc import Iterable

from rich.console import Console, RenderableType
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

PATIENCE = 2.0  # seconds


class LateProgress(Progress):
    """rich's Progress, shown once a task has taken longer than PATIENCE.

    >>> with LateProgress() as progress:
    ...     task = progress.add_task("counting", total=3)
    ...     for _ in range(3):
    ...         progress.advance(task)
    """

    def __init__(self) -> None:
        console = Console(stderr=True)
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        shown = console.is_interactive or console.is_jupyter
        super().__init__(*columns, TimeRemainingColumn(), console=console, disable=not shown)

    def get_renderables(self) -> Iterable[RenderableType]:
        if any((task.elapsed or 0.0) > PATIENCE for task in self.tasks):
            yield from super().get_renderables()

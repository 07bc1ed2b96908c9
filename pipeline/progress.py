"""How far a build is, for who watches it."""

import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def show_progress(is_quiet: bool) -> Iterator[Callable[[str], None]]:
    """Show how far a build is, and since when, on a terminal; elsewhere its log lines do."""
    if is_quiet or not sys.stderr.isatty():
        yield lambda words: None
        return
    from rich.console import Console
    from rich.highlighter import NullHighlighter
    from rich.logging import RichHandler
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    plain = RichHandler(
        console=console,
        highlighter=NullHighlighter(),
        show_time=False,
        show_level=False,
        show_path=False,
    )
    plain.setFormatter(logging.Formatter("%(message)s"))
    logging.getLogger().handlers = [plain]
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("")
        yield lambda words: progress.update(task, description=words)

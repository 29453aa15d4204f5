"""The command that shows Kingpost with a sample firm."""

from typing import Annotated

import typer

from assistant.cli import console


def demo(
    port: Annotated[int, typer.Option(help="Port of the pages on this machine; 0 takes a free one.")] = 8470,
    imap_port: Annotated[int, typer.Option(help="Port of the demo mailbox on this machine; 0 takes a free one.")] = 0,
) -> None:
    """Show Kingpost with a sample firm, a live mailbox and the pages; nothing to configure, nothing kept.

    Example: kingpost demo
    """
    from assistant.demo.show import run

    run(port, imap_port, console.language())

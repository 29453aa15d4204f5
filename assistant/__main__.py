"""The command `kingpost`: runs the command line and turns errors into sentences and exit codes."""

import sys


def main() -> None:
    """Run `kingpost` with the arguments of this process; does not return."""
    if sys.argv[1:] in (["show", "-"], ["show", "-", "--full"]):
        # mutt waits for this with every mail that is opened: nothing else is loaded.
        from connectors.clients.mutt import display_filter

        sys.exit(display_filter.main(full="--full" in sys.argv))
    from assistant.cli import console
    from assistant.cli.app import app
    from rules.terms.errors import KingpostError

    try:
        app(standalone_mode=True)
    except KingpostError as error:
        console.complain(error)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        # Somebody closed the pipe (`kingpost … | head`): nothing to complain about.
        sys.stderr.close()
        sys.exit(1)


if __name__ == "__main__":
    main()

"""The process of the command line: what the script bpviz runs, and python -m bpviz."""

import gc

from bpviz import cli

GARBAGE = 10_000  # objects more than there were, before Python looks for those that only hold one another


def main() -> None:
    """Run the command line in a process of its own, and leave with its exit status.

    A command is short, and most of what it makes are modules, which stay. By itself Python looks through them forty
    times for garbage, and once more when it leaves: a fifteenth of a cold bpviz draw.
    """
    gc.set_threshold(GARBAGE)
    try:
        cli.main()
    finally:
        gc.freeze()


if __name__ == "__main__":
    main()

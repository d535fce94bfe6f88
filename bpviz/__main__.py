"""The process of the command line: python -m bpviz, and what the script bpviz runs."""

from bpviz.cli import main

if __name__ == "__main__":
    main()

"""``python -m analytics``."""

import gc
import os
import sys

from analytics.cli import main


def run() -> None:
    """Run the command line without the seconds that large libraries cost a short process.

    Collections while they load find nothing, and taking them apart object by object at the end is no use.
    """
    gc.set_threshold(200_000, 30, 30)
    try:
        main()
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 0 if end.code is None else 1
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    run()

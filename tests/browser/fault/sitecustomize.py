"""Put on PYTHONPATH, this makes profiling fail with a message that quotes a cell."""

import analytics.tables

ERROR = "cannot profile 'private cell' in /private/path"


def failing(*arguments, **settings):
    raise RuntimeError(ERROR)


analytics.tables.profile_table = failing

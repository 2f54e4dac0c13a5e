#!/bin/sh
# Start the dashboard in a container; what its settings mean is decided in Python, as everywhere.
exec python -m analytics serve --port "${PORT:-8501}" --address "${ADDRESS:-0.0.0.0}"

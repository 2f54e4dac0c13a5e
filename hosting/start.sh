#!/bin/sh
# Start the dashboard in a container. Inside a Hugging Face Space the page stands in another site's frame, where
# browsers withhold the XSRF cookie and every upload would answer 403; only there, and only while nobody logs in,
# the check is off: an upload still needs the identifier of a live session.
set -eu
if [ "${ZETASCOPE_LOGIN:-off}" = off ] && [ -n "${SPACE_ID:-}" ]; then
    export STREAMLIT_SERVER_ENABLE_XSRF_PROTECTION=false
fi
exec python -m analytics serve --port "${PORT:-8501}" --address "${ADDRESS:-0.0.0.0}"

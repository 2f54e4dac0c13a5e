#!/bin/sh
# Start the dashboard in a container. Inside a Hugging Face Space the page stands in another site's frame, where
# browsers withhold the XSRF cookie and every upload would answer 403; only there, and only while nobody logs in,
# the check is off: an upload still needs the identifier of a live session.
set -eu
app=streamlit_app.py
if [ "${ZETASCOPE_LOGIN:-off}" != off ]; then
    app=hosting/private.py
elif [ -n "${SPACE_ID:-}" ]; then
    export STREAMLIT_SERVER_ENABLE_XSRF_PROTECTION=false
fi
export STREAMLIT_SERVER_MAX_UPLOAD_SIZE="${ZETASCOPE_MAX_UPLOAD_MB:-200}"
export PYTHONPATH="$PWD${PYTHONPATH:+:$PYTHONPATH}"
exec python -m streamlit run "$app" \
    --server.port "${PORT:-8501}" --server.address "${ADDRESS:-0.0.0.0}" --server.headless true

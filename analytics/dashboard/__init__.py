"""The only code that imports Streamlit, apart from the pages."""

import os

# Pages draw their own progress. A library's bar writes to the server's log; where that has gone, tqdm keeps
# the lock that all bars share, and every model loaded later would wait for ever.
os.environ.setdefault("TQDM_DISABLE", "1")

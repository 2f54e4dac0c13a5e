"""Where the files stand that Streamlit starts from."""

from pathlib import Path

PACKAGED = Path(__file__).parent / "_app"
"""``setup.py`` puts them there when it builds the package; a checkout has them at its top."""


def app_folder() -> Path:
    """The folder of ``streamlit_app.py``, ``pages``, ``sample_data``, ``hosting`` and ``.streamlit``."""
    return PACKAGED if PACKAGED.is_dir() else Path(__file__).parents[1]

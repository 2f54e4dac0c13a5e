"""Headers that tell browsers what a page of ours may do, and where it may be shown."""

import re
from base64 import b64encode
from functools import cache
from hashlib import sha256
from pathlib import Path

from streamlit.file_util import get_static_dir

from analytics.dashboard.server.settings import SettingsError, variable

_SITE = re.compile(r"https?://(\*\.)?[A-Za-z0-9_.-]+(:[0-9]{1,5})?")
_HUGGING_FACE = "https://huggingface.co"

# Streamlit's pages: modules of components reach the browser as blob:, styles are set by scripts, and charts
# that draw on a graphics card compile functions.
_OF_PAGES = {
    "default-src": "'self'",
    "script-src": "'self' 'unsafe-eval' blob:",
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data: blob:",
    "font-src": "'self' data:",
    "media-src": "'self' data: blob:",
    "connect-src": "'self' data: blob:",
    "worker-src": "'self' blob:",
    "frame-src": "'self' blob:",
    "object-src": "'none'",
    "base-uri": "'self'",
    "form-action": "'self'",
}
_OF_FILES = {"default-src": "'none'", "style-src": "'unsafe-inline'", "img-src": "data:", "sandbox": ""}

_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",  # addresses hold names of columns
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


def frame_ancestors(text: str, *, in_space: bool) -> str:
    """Who may frame the pages, as the policy writes it; raises SettingsError for what is no site."""
    sites = text.replace(",", " ").split()
    for site in sites:
        if site != "*" and not _SITE.fullmatch(site):
            raise SettingsError(
                f"{variable('frames')} holds {site!r}: write sites such as https://example.org."
            )
    return " ".join(["'self'", *([_HUGGING_FACE] if in_space else []), *sites])


@cache
def for_pages(ancestors: str) -> dict[str, str]:
    """Headers of pages and their parts."""
    scripts = f"{_OF_PAGES['script-src']} {' '.join(inline_scripts())}"
    return _with({**_OF_PAGES, "script-src": scripts}, ancestors)


@cache
def for_files(ancestors: str) -> dict[str, str]:
    """Headers of pictures and downloads: opened by themselves, they are inert."""
    return _with(_OF_FILES, ancestors)


def inline_scripts() -> list[str]:
    """The scripts that stand in Streamlit's own page, by their hashes: no other may."""
    page = Path(get_static_dir(), "index.html").read_text(encoding="utf-8")
    found = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    return [f"'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'" for script in found]


def _with(policy: dict[str, str], ancestors: str) -> dict[str, str]:
    parts = {**policy, "frame-ancestors": ancestors}
    text = "; ".join(f"{name} {value}".rstrip() for name, value in parts.items())
    return {**_ALWAYS, "Content-Security-Policy": text}

"""Who may frame the pages, and which scripts may run."""

import pytest

from analytics.dashboard.gate.headers import for_files, for_pages, frame_ancestors, inline_scripts
from analytics.dashboard.server.settings import SettingsError


def test_only_the_server_itself_unless_the_owner_says_so() -> None:
    assert frame_ancestors("", in_space=False) == "'self'"
    assert frame_ancestors("", in_space=True) == "'self' https://huggingface.co"
    assert (
        frame_ancestors("https://a.org, https://*.b.org:444", in_space=False)
        == "'self' https://a.org https://*.b.org:444"
    )
    assert frame_ancestors("*", in_space=False) == "'self' *"


@pytest.mark.parametrize(
    "text", ["a.org", "https://a.org; script-src *", "'none'", "https://a.org/x", "javascript:x"]
)
def test_what_is_no_site_stops_the_start(text: str) -> None:
    with pytest.raises(SettingsError, match="ZETASCOPE_FRAMES holds"):
        frame_ancestors(text, in_space=False)


def test_scripts_written_into_a_page_are_none_of_ours_and_do_not_run() -> None:
    policy = for_pages("'self'")["Content-Security-Policy"]
    scripts = next(part for part in policy.split("; ") if part.startswith("script-src"))
    assert "'unsafe-inline'" not in scripts
    assert inline_scripts() and all(digest in scripts for digest in inline_scripts())
    assert policy.endswith("frame-ancestors 'self'")
    assert "sandbox" in for_files("'self'")["Content-Security-Policy"]

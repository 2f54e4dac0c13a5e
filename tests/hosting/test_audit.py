"""What the audit makes of a report: findings fail, what was not compared is said."""

import importlib.util
from typing import Any

from tests.conftest import ROOT

_SPEC = importlib.util.spec_from_file_location("audit", ROOT / "hosting" / "audit.py")
assert _SPEC and _SPEC.loader
audit = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(audit)

SOUND: dict[str, Any] = {"name": "sound", "version": "1.0", "vulns": []}
WEAK = {"name": "weak", "version": "2.0", "vulns": [{"id": "CVE-1", "fix_versions": ["2.1"]}]}
SKIPPED = {"name": "unheard", "skip_reason": "Dependency not found"}


def test_a_finding_fails_and_names_its_remedy() -> None:
    report, status = audit.verdict([SOUND, WEAK, SKIPPED])
    assert status == 1
    assert "weak 2.0: CVE-1, mended in 2.1" in report
    assert "unheard" in report


def test_nothing_found_says_how_much_was_compared() -> None:
    assert audit.verdict([SOUND]) == ("1 versions compared with the known advisories, 0 weaknesses.", 0)


def test_a_report_in_which_all_was_skipped_is_no_audit() -> None:
    report, status = audit.verdict([SKIPPED])
    assert report.startswith("NOT AUDITED") and status == 0


def test_every_lock_is_audited() -> None:
    there = {path.name for path in ROOT.glob("requirements*.lock")}
    assert {name for names in audit.LOCKS for name in names} == there

"""Compare the pinned versions with the known advisories: ``make audit``.

pip-audit lives in a folder of its own, because its dependencies are none of Zetascope's. Exit status 1 means
that a pinned version has a known weakness. Where pip-audit or the advisory data is out of reach, that is said
and the exit status is 0: a build without a network proves nothing about weaknesses and does not pretend to.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / ".audit"
OUT_OF_REACH = re.compile(
    r"ConnectionError|ServiceError|Max retries|could not be audited|resolve|timed out", re.IGNORECASE
)
NOT_AUDITED = "NOT AUDITED: {} cannot be reached from here; run make audit where it can."


def installed() -> bool:
    """Whether pip-audit is in its folder, after trying to put it there."""
    if (FOLDER / "pip_audit").exists():
        return True
    pip = [sys.executable, "-m", "pip", "install", "--disable-pip-version-check", "-q"]
    return subprocess.run([*pip, "--target", str(FOLDER), "pip-audit"]).returncode == 0


def main() -> int:
    if not installed():
        print(NOT_AUDITED.format("pip-audit"))
        return 0
    command = [sys.executable, "-m", "pip_audit", "-r", "requirements.txt", "--no-deps", "--disable-pip"]
    environment = {**os.environ, "PYTHONPATH": str(FOLDER)}
    run = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    report = run.stdout + run.stderr
    if not re.search(r"Found \d+ known vulnerabilit", report) and OUT_OF_REACH.search(report):
        print(NOT_AUDITED.format("the advisory data"))
        return 0
    print(report.strip())
    return run.returncode


if __name__ == "__main__":
    sys.exit(main())

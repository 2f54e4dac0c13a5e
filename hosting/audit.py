"""Compare all locked versions, transitive ones too, with the known advisories: ``make audit``.

pip-audit lives in a folder of its own, because its dependencies are none of Zetascope's. Exit status 1 means
that a locked version has a known weakness. Where pip-audit or the advisory data is out of reach, that is said
and the exit status is 0: a build without a network proves nothing about weaknesses and does not pretend to.
"""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / ".audit"
TOOLS = "requirements-audit.lock"
LOCKS = (
    ("requirements.lock", "requirements-cuda.lock", "requirements-dev.lock", "requirements-spark.lock"),
    (TOOLS,),
)
"""Together what one environment holds, where a package has one version."""
OUT_OF_REACH = re.compile(r"ConnectionError|ServiceError|Max retries|resolve|timed out", re.IGNORECASE)
NOT_AUDITED = "NOT AUDITED: {} cannot be reached from here; run make audit where it can."


def installed() -> bool:
    """Whether pip-audit is in its folder, after trying to put it there."""
    if (FOLDER / "pip_audit").exists():
        return True
    pip = [sys.executable, "-m", "pip", "install", "--disable-pip-version-check", "-q"]
    as_locked = ["--no-deps", "--require-hashes", "--only-binary", ":all:", "-r", str(ROOT / TOOLS)]
    return subprocess.run([*pip, "--target", str(FOLDER), *as_locked]).returncode == 0


def verdict(dependencies: list[dict[str, Any]]) -> tuple[str, int]:
    """What pip-audit found, in words, and the exit status; what it skipped is told and proves nothing."""
    known = [package for package in dependencies if "skip_reason" not in package]
    skipped = [package["name"] for package in dependencies if "skip_reason" in package]
    if not known:
        return NOT_AUDITED.format("the advisory data"), 0
    weak = [
        f"{package['name']} {package['version']}: {weakness['id']}, "
        f"mended in {', '.join(weakness.get('fix_versions', [])) or 'no version yet'}"
        for package in known
        for weakness in package["vulns"]
    ]
    lines = [*weak, f"{len(known)} versions compared with the known advisories, {len(weak)} weaknesses."]
    if skipped:
        lines.append(f"NOT AUDITED, because the advisory data does not know them: {', '.join(skipped)}.")
    return "\n".join(lines), int(bool(weak))


def audited(*names: str) -> int:
    """Print the report on the locks of one environment; the exit status."""
    print(f"{', '.join(names)}:")
    locks = [part for name in names for part in ("-r", name)]
    command = [sys.executable, "-m", "pip_audit", *locks, "--require-hashes", "--disable-pip", "-f", "json"]
    environment = {**os.environ, "PYTHONPATH": str(FOLDER)}
    run = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    try:
        report, status = verdict(json.loads(run.stdout)["dependencies"])
    except ValueError:
        unreachable = OUT_OF_REACH.search(run.stderr)
        report = NOT_AUDITED.format("the advisory data") if unreachable else run.stderr.strip()
        status = 0 if unreachable else 1
    print(report)
    return status


def main() -> int:
    """Print the reports; the exit status."""
    if not installed():
        print(NOT_AUDITED.format("pip-audit"))
        return 0
    return max([audited(*names) for names in LOCKS])


if __name__ == "__main__":
    sys.exit(main())

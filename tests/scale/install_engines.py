"""Install Java and PySpark for the tests of Spark, or say what to install.

Java is about 200 MB on disk, PySpark 460 MB to fetch; a minute or two where the registries are near.
"""

import os
import shutil
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

ROOT = Path(__file__).parents[2]
JAVA = "openjdk-17-jre-headless"
LOCK = ROOT / "requirements-spark.lock"


def java_there() -> bool:
    return bool(shutil.which("java"))


def java_installed_with_apt() -> bool:
    if not shutil.which("apt-get") or not hasattr(os, "geteuid") or os.geteuid() != 0:
        return False
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    commands = (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", JAVA])
    return all(
        subprocess.run(["apt-get", *rest], check=False, env=quiet).returncode == 0 for rest in commands
    )


def spark_there() -> bool:
    wanted = [line.split()[0].split("==") for line in LOCK.read_text().splitlines() if "==" in line]
    try:
        return all(version(name) == pin for name, pin in wanted)
    except PackageNotFoundError:
        return False


def spark_installed() -> bool:
    """By its lock; it is built from source, with the setuptools that is there."""
    pip = [sys.executable, "-m", "pip", "install", "--disable-pip-version-check", "-q", "--no-deps"]
    hashed = ["--require-hashes", "--no-build-isolation", "-r", str(LOCK)]
    return subprocess.run([*pip, *hashed], check=False).returncode == 0


def main() -> None:
    if not (java_there() or java_installed_with_apt()):
        sys.exit(f"The tests of Spark need Java 17 or later: install {JAVA}, then `make test` again.")
    if not (spark_there() or spark_installed()):
        sys.exit("The tests of Spark need PySpark: pip install -r requirements-spark.txt, then `make test`.")


if __name__ == "__main__":
    main()

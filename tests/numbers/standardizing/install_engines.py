"""Install LibreOffice Calc and PostgreSQL for the tests of formulas and SQL, or say which tests will skip.

About 120 MB to fetch and 350 MB on disk, a minute where Debian's packages are near.
"""

import os
import shutil
import subprocess
from pathlib import Path

PACKAGES = ("libreoffice-calc-nogui", "postgresql")


def there() -> bool:
    return bool(shutil.which("soffice") and list(Path("/usr/lib/postgresql").glob("*/bin/initdb")))


def installed_with_apt() -> bool:
    if not shutil.which("apt-get") or not hasattr(os, "geteuid") or os.geteuid() != 0:
        return False
    commands = (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", *PACKAGES])
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    return all(
        subprocess.run(["apt-get", *rest], check=False, env=quiet).returncode == 0 for rest in commands
    )


def main() -> None:
    if not there() and not installed_with_apt():
        print(f"Without {' and '.join(PACKAGES)} (Debian's names) the tests that run them are skipped.")


if __name__ == "__main__":
    main()

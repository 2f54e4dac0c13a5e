"""Install LibreOffice Calc and PostgreSQL for the tests of formulas and SQL, or say what to install.

About 120 MB to fetch and 350 MB on disk, a minute where Debian's packages are near.
"""

import os
import shutil
import subprocess
import sys
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
    if there() or installed_with_apt():
        return
    sys.exit(
        f"The tests of formulas and SQL need {' and '.join(PACKAGES)} (Debian's names): install them, "
        "then `make test` again."
    )


if __name__ == "__main__":
    main()

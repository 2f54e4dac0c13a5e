"""Run every benchmark that needs no data from elsewhere, one after the other: ``make bench``.

Those that compare with published collections take the folder as an argument; benchmarks/README.md says which.
"""

import subprocess
import sys

ALONE = [
    "reading",
    "isolation",
    "profile",
    "grid",
    "recipe",
    "standardize",
    "outliers",
    "scaling_effects",
    "walk",
    "startup",
    "memory",
    "load",
    "fuzz",
    "both_ways",
    "fuzz --of structures",
]


def main() -> None:
    failed = []
    for name in ALONE:
        print(f"\n== {name} ==", flush=True)
        if subprocess.run([sys.executable, "-m", *f"benchmarks.{name}".split()], check=False).returncode:
            failed.append(name)
    if failed:
        sys.exit(f"failed: {', '.join(failed)}")


if __name__ == "__main__":
    main()

"""Write the locks, every package with its version and the hashes of all its files: ``make lock``.

``uv`` resolves for all systems at once and keeps what stands in the locks as long as the requirements allow
it. PyTorch's index for processors has a build of its own: its hash joins those of the published files, and
the libraries for graphics cards, which it does without, get a lock of their own.
"""

import hashlib
import re
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / ".lock"
UV = "uv==0.13.9"
OF_CUDA = re.compile(r"(nvidia|cuda|triton)\b")

HEADER = (
    "# Written by make lock, never by hand: all packages, transitive ones too, with their files' hashes.\n"
)
NOTES = {
    "requirements.lock": "# torch: the published files, and last the CPU build that pip took at that time.\n",
    "requirements-cuda.lock": "# For torch's CUDA build; make setup installs them where pip took that.\n",
    "requirements-dev.lock": "# What the tests need on top of requirements.lock.\n",
    "requirements-spark.lock": "# Spark, for its tests: published as source only.\n",
    "requirements-audit.lock": "# What make audit runs, in a folder of its own.\n",
}

Blocks = dict[str, str]


def blocks_of(lock: str) -> Blocks:
    """Requirement by name; each with its hashes, without comments."""
    found: Blocks = {}
    name = ""
    for line in lock.splitlines():
        if re.match(r"[A-Za-z0-9]", line):
            name = re.split(r"[=\[ ]", line)[0]
            found[name] = ""
        if name and not line.strip().startswith("#"):
            found[name] += f"{line}\n"
    return found


def locked(name: str) -> Blocks:
    """What a lock of this checkout holds now."""
    path = ROOT / name
    return blocks_of(path.read_text(encoding="utf-8")) if path.exists() else {}


def write(name: str, blocks: Blocks) -> None:
    """Write one lock."""
    text = "".join(block for _, block in sorted(blocks.items()))
    (ROOT / name).write_text(HEADER + NOTES[name] + text, encoding="utf-8")
    print(f"{name}: {len(blocks)} packages")


def resolved(*requirements: Path, before: Blocks) -> Blocks:
    """All that these files of requirements need, on every system."""
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "lock"
        output.write_text("".join(before.values()), encoding="utf-8")
        command = [FOLDER / "bin" / "uv", "pip", "compile", *requirements, "-o", output, "-q", "--native-tls"]
        universal = [
            "--no-header",
            "--universal",
            "--python-version",
            "3.11",
            "--generate-hashes",
            "--no-annotate",
        ]
        subprocess.run([*command, *universal], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        return blocks_of(output.read_text(encoding="utf-8"))


def with_pips_own_build(block: str) -> str:
    """A requirement whose hashes include that of the file which pip takes here."""
    pin = re.split(r"[ \\]", block)[0]
    with tempfile.TemporaryDirectory() as folder:
        pip = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", folder, pin]
        subprocess.run(pip, check=True)
        digest = hashlib.sha256(next(Path(folder).iterdir()).read_bytes()).hexdigest()
    return block if digest in block else f"{block.rstrip()} \\\n    --hash=sha256:{digest}\n"


def main() -> None:
    """Write all five."""
    pip = [sys.executable, "-m", "pip", "install", "--disable-pip-version-check", "-q", "--upgrade"]
    subprocess.run([*pip, "--target", FOLDER, UV], check=True)
    build = FOLDER / "build.txt"
    build.write_text(
        "\n".join(tomllib.loads((ROOT / "pyproject.toml").read_text())["build-system"]["requires"])
    )

    before = locked("requirements.lock") | locked("requirements-cuda.lock")
    runtime = resolved(Path("requirements.txt"), build, before=before)
    runtime["torch"] = with_pips_own_build(runtime["torch"])
    cuda = {name: block for name, block in runtime.items() if OF_CUDA.match(name)}
    write("requirements-cuda.lock", cuda)
    write("requirements.lock", {name: block for name, block in runtime.items() if name not in cuda})

    wanted = resolved(Path("requirements-dev.txt"), before=runtime | locked("requirements-dev.lock"))
    write("requirements-dev.lock", {name: block for name, block in wanted.items() if name not in runtime})

    write(
        "requirements-spark.lock",
        resolved(Path("requirements-spark.txt"), before=locked("requirements-spark.lock")),
    )

    tools = resolved(Path("requirements-audit.txt"), before=locked("requirements-audit.lock"))
    write("requirements-audit.lock", tools)


if __name__ == "__main__":
    main()

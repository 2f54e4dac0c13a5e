"""What pyproject.toml cannot say: the package brings along the files that Streamlit starts from.

They stand at the top of the checkout; in the package ``analytics/app_files.py`` finds them inside it.
"""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

TARGET = "analytics/_app"
PATTERNS = ("streamlit_app.py", "pages/*.py", "sample_data/*", ".streamlit/config.toml")
MAKES_THE_SAMPLES = Path("sample_data/build.py")


def app_files() -> list[Path]:
    """What goes into the package, relative to the checkout."""
    found = [path for pattern in PATTERNS for path in sorted(Path().glob(pattern)) if path.is_file()]
    return [path for path in found if path != MAKES_THE_SAMPLES]


class BuildWithApp(build_py):
    """Builds the package with those files; an editable one finds them in the checkout."""

    def run(self) -> None:
        super().run()
        if self.editable_mode:
            return
        for path in app_files():
            target = Path(self.build_lib, TARGET, path)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)

    def get_source_files(self) -> list[str]:
        """What a source distribution needs to build the same package."""
        return [*super().get_source_files(), *map(str, app_files())]


setup(cmdclass={"build_py": BuildWithApp})

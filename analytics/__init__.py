"""Zetascope: standard scores, outliers, text maps and Transformer walks from a CSV file."""

import sys

# OpenVINO reports to a server on the internet without asking, whichever library imports it first; without
# this module it does not.
sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]


__version__ = "0.1.0"

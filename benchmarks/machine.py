"""Which processor figures were taken on."""

import os
import platform
from pathlib import Path


def processor() -> str:
    """Its name, how many cores we may use, and what decides how fast it multiplies."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores"
    said = dict(line.split("\t: ", 1) for line in reversed(lines) if "\t: " in line)
    said = {name.strip(): value for name, value in said.items()}
    flags = set(said.get("flags", "").split())
    has = [
        name
        for name, flag in (("AVX-512", "avx512f"), ("bfloat16", "avx512_bf16"), ("AMX", "amx_tile"))
        if flag in flags
    ]
    cores = len(os.sched_getaffinity(0))
    return f"{said.get('model name', platform.machine())}, {cores} cores, {', '.join(has) or 'no AVX-512'}"

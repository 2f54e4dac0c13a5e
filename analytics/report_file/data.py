"""The report as plain values for JSON."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import numpy as np

from analytics.report_file.content import Report
from analytics.tables import Alternative, ColumnProfile, ReadReport

VERSION = 1


def report_data(report: Report) -> dict[str, Any]:
    """Everything in the report, in plain values."""
    return {
        "zetascope_report": VERSION,
        "name": report.as_read.name,
        "sha256": report.as_read.sha256,
        "rows": len(report.table.frame),
        "rows_as_read": report.as_read.report.rows,
        "reading": reading_data(report.as_read.report),
        "answers": dict(report.answers),
        "recipe": json.loads(report.recipe.to_json()),
        "account": [
            {
                "sentence": one.sentence(),
                "active": one.step.active,
                "rows": list(one.rows),
                "columns": list(one.columns),
                "cells": one.cells,
                "failures": one.failures,
                "problem": one.problem,
                "decision": place >= report.decisions,
            }
            for place, one in enumerate(report.account)
        ],
        "suggestions": [
            {"kind": one.kind, "sentence": one.sentence, "cells": one.cells, "columns": one.columns}
            for one in report.suggestions
        ],
        "columns": [column_data(one) for one in report.profile.columns.values()],
        "relations": dataclasses.asdict(report.relations),
        "scores": [dataclasses.asdict(one) for one in report.scores],
        "unusual": dataclasses.asdict(report.unusual),
        "script": report.script,
        "made_with": dict(report.made_with),
    }


def reading_data(report: ReadReport) -> dict[str, Any]:
    """How a file was read, and what is in doubt."""
    marks = ("format", "encoding", "delimiter", "quote", "escape", "decimal", "thousands", "header_row")
    doubts = [
        {
            "question": doubt.question,
            "column": doubt.column,
            "evidence": doubt.evidence,
            "taken": _alternative_data(doubt.taken),
            "alternatives": [_alternative_data(other) for other in doubt.alternatives],
        }
        for doubt in report.doubts
    ]
    return {
        **{mark: getattr(report, mark) for mark in marks},
        "sentences": report.sentences(),
        "doubts": doubts,
    }


def column_data(one: ColumnProfile) -> dict[str, Any]:
    """What a column holds."""
    plain = ("dtype", "missing", "distinct", "minimum", "median", "maximum", "mean", "sd", "examples")
    more = ("quartiles", "zeros", "infinities", "top")
    about = {"name": str(one.name), "role": one.role.kind, "reason": one.role.reason}
    return about | {name: getattr(one, name) for name in (*plain, *more)} | {"histogram": _histogram(one)}


def _histogram(one: ColumnProfile) -> dict[str, list[Any]] | None:
    if one.histogram is None:
        return None
    edges = one.histogram.edges
    told = np.datetime_as_string(edges).tolist() if edges.dtype.kind == "M" else edges.tolist()
    return {"counts": one.histogram.counts.tolist(), "edges": told}


def _alternative_data(one: Alternative) -> dict[str, Any]:
    cells = [{"text": text, "reading": made} for text, made in one.cells]
    return {"label": one.label, "options": dict(one.changes), "cells": cells}

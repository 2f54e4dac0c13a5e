"""Makes the scored file again from the file and its transform. Written by Zetascope.

Needs pandas only, and Zetascope where a step takes cells as another type: it then reads them again.
"""

import json
from pathlib import Path

import pandas as pd

from analytics.reproduce.templates.standardize.csv_text import write
from analytics.reproduce.templates.standardize.ungrouped import all_scores

TRANSFORM = "transform.json"
TARGET = "scored.csv"
ADDED = "_z"

frame = pd.DataFrame()
transform = json.loads(Path(TRANSFORM).read_text(encoding="utf-8"))
scores = all_scores(frame, transform)
for column in transform["columns"]:
    frame[column + ADDED] = scores[column]
write(frame, TARGET)

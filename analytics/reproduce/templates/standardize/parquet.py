"""The table as Parquet."""

import pandas as pd


def write(frame: pd.DataFrame, target: str) -> None:
    frame.to_parquet(target, index=False)

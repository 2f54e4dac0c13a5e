"""Rebuild every file in this folder from the packages that publish the data.

    python -m venv /tmp/samples && /tmp/samples/bin/pip install pip
    python sample_data/build.py --downloads /tmp/samples

``--downloads`` is a folder for the three source archives; what is missing there is fetched with pip.
Credits and licences stand in ``samples.toml``.
"""

import argparse
import ast
import inspect
import io
import json
import re
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

HERE = Path(__file__).parent
SOURCES = {
    "vaderSentiment-3.3.2.tar.gz": ["--no-binary", ":all:", "vaderSentiment==3.3.2"],
    "bokeh_sampledata-2026.1-py3-none-any.whl": ["bokeh-sampledata==2026.1"],
    "vega_datasets-0.9.0-py3-none-any.whl": ["vega_datasets==0.9.0"],
}
EXAM_SEED = 1904
OPINIONS_PER_SOURCE = 1000


def fetch(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, arguments in SOURCES.items():
        if not (folder / name).exists():
            command = [sys.executable, "-m", "pip", "download", "--no-deps", "-q", "-d", str(folder)]
            subprocess.run([*command, *arguments], check=True)


def wine() -> pd.DataFrame:
    from sklearn.datasets import load_wine

    raw = load_wine(as_frame=True)
    cultivar = raw.target.map(dict(enumerate(["Barolo", "Grignolino", "Barbera"])))
    return raw.data.assign(cultivar=cultivar)


def cars(folder: Path) -> pd.DataFrame:
    with zipfile.ZipFile(folder / "vega_datasets-0.9.0-py3-none-any.whl") as archive:
        rows = json.loads(archive.read("vega_datasets/_data/cars.json"))
    frame = pd.DataFrame(rows)
    frame["Year"] = pd.to_datetime(frame["Year"]).dt.year
    frame["Horsepower"] = frame["Horsepower"].astype("Int64")
    return frame.rename(columns=str.lower)


def messy_cars(frame: pd.DataFrame) -> bytes:
    """The cars as a German spreadsheet might export them, with the accidents real exports have."""
    shown = frame.head(120)
    header = "Modell;Leistung (PS);Gewicht (lb);Verbrauch (mpg);Preis (geschätzt)"
    lines = ["Fahrzeugliste, Stand 1983;;;;", ";;;;", header]
    for row in shown.itertuples(index=False):
        mpg = "k. A." if pd.isna(row.miles_per_gallon) else f"{row.miles_per_gallon:.1f}".replace(".", ",")
        power = "k. A." if pd.isna(row.horsepower) else str(row.horsepower)
        weight = f"{row.weight_in_lbs:,}".replace(",", ".")
        price = f"{row.weight_in_lbs * 1.17:,.2f} €".translate(str.maketrans(",.", ".,"))
        lines.append(f"{row.name};{power};{weight};{mpg};{price}")
    lines[9] += ";"
    lines[30] = lines[30].replace(";", ",", 1)
    lines[55] = lines[55].rsplit(";", 1)[0]
    lines.append("Quelle: ASA Data Exposition 1983;;;;")
    return "\r\n".join(lines).encode("cp1252")


def stocks(folder: Path) -> pd.DataFrame:
    import gzip

    with zipfile.ZipFile(folder / "bokeh_sampledata-2026.1-py3-none-any.whl") as archive:
        text = gzip.decompress(archive.read("bokeh_sampledata/_data/stocks.csv.gz"))
    frame = pd.read_csv(io.BytesIO(text))
    frame = frame.rename(columns=lambda name: name.lower().replace("adj close", "adjusted_close"))
    frame["adjusted_close"] = frame["adjusted_close"].round(4)
    return frame[["date", "ticker", "close", "adjusted_close", "volume"]]


def exams() -> pd.DataFrame:
    """Synthetic: one ability per pupil, five exams that read it on five scales, schools that differ."""
    rng = np.random.default_rng(EXAM_SEED)
    n = 240
    school = rng.choice(["North", "South", "East", "West"], size=n, p=[0.35, 0.3, 0.2, 0.15])
    advantage = pd.Series(school).map({"North": 0.3, "South": 0, "East": -0.2, "West": 0.1})
    ability = rng.normal(size=n) + advantage.to_numpy()

    def read(centre: float, spread: float, top: float, step: float, loading: float) -> np.ndarray:
        z = loading * ability + np.sqrt(1 - loading**2) * rng.normal(size=n)
        return np.clip(np.round((centre + spread * z) / step) * step, 0, top)

    frame = pd.DataFrame(
        {
            "pupil": [f"P{i:03d}" for i in range(1, n + 1)],
            "school": school,
            "mathematics_of_100": read(62, 14, 100, 1, 0.8).astype(int),
            "reading_of_800": read(510, 95, 800, 10, 0.75).astype(int),
            "science_of_20": read(11.5, 3.1, 20, 0.5, 0.8),
            "english_of_9": read(5.8, 1.3, 9, 0.5, 0.6),
            "sprint_100m_seconds": np.round(rng.normal(15.1, 1.2, size=n), 2),
        }
    )
    for column, missed in {"reading_of_800": 7, "science_of_20": 4}.items():
        frame.loc[rng.choice(n, size=missed, replace=False), column] = pd.NA
    frame["reading_of_800"] = frame["reading_of_800"].astype("Int64")
    return frame


def opinions(folder: Path) -> pd.DataFrame:
    """Every k-th sentence of three of the four VADER sets, with all raters' scores summarized."""
    with tarfile.open(folder / "vaderSentiment-3.3.2.tar.gz") as outer:
        inner = outer.extractfile("vaderSentiment-3.3.2/additional_resources/hutto_ICWSM_2014.tar.gz")
        assert inner is not None
        with tarfile.open(fileobj=io.BytesIO(inner.read())) as archive:
            parts = [opinions_of(archive, stem, source) for stem, source in OPINION_SETS.items()]
    return pd.concat(parts, ignore_index=True)


OPINION_SETS = {
    "amazonReviewSnippets": "Amazon review",
    "movieReviewSnippets": "movie review",
    "nytEditorialSnippets": "newspaper editorial",
}


def opinions_of(archive: tarfile.TarFile, stem: str, source: str) -> pd.DataFrame:
    texts = {key: text for key, _, text in lines_of(archive, f"{stem}_GroundTruth.txt")}
    rows = []
    for key, _, _, scores in lines_of(archive, f"{stem}_anonDataRatings.txt"):
        ratings = ast.literal_eval(scores)
        if key in texts and len(texts[key]) > 15:
            rows.append(
                {
                    "source": source,
                    "text": texts[key],
                    "rating": round(float(np.mean(ratings)), 2),
                    "disagreement": round(float(np.std(ratings)), 2),
                    "raters": len(ratings),
                    "words": len(texts[key].split()),
                }
            )
    chosen = np.linspace(0, len(rows) - 1, OPINIONS_PER_SOURCE).round().astype(int)
    return pd.DataFrame(rows).iloc[chosen]


def lines_of(archive: tarfile.TarFile, name: str) -> Iterator[list[str]]:
    member = archive.extractfile(f"hutto_ICWSM_2014/{name}")
    assert member is not None
    for line in member.read().decode("utf-8-sig", errors="replace").splitlines():
        if line.strip():
            yield [part.strip() for part in line.split("\t")]


SIGNATURE = re.compile(r"\w+\([^)]*\)")
MODULES = """
numpy numpy.linalg numpy.fft numpy.random scipy.stats scipy.signal scipy.optimize
scipy.linalg scipy.ndimage scipy.special scipy.integrate scipy.interpolate scipy.sparse
scipy.spatial scipy.cluster.hierarchy pandas sklearn.cluster sklearn.datasets
sklearn.decomposition sklearn.ensemble sklearn.feature_selection sklearn.linear_model
sklearn.manifold sklearn.metrics sklearn.model_selection sklearn.neighbors
sklearn.preprocessing sklearn.svm sklearn.tree
""".split()


def functions() -> pd.DataFrame:
    rows = [row for name in MODULES for row in functions_of(name)]
    return pd.DataFrame(rows).drop_duplicates(["package", "name", "summary"])


def functions_of(module_name: str) -> Iterator[dict[str, object]]:
    module = __import__(module_name, fromlist=["_"])
    for name in sorted(vars(module)):
        thing = getattr(module, name, None)
        summary = first_sentence(inspect.getdoc(thing) or "") if callable(thing) else ""
        if name.startswith("_") or len(summary) < 20 or "deprecated" in summary:
            continue
        yield {
            "package": module_name.split(".")[0],
            "module": module_name,
            "name": name,
            "kind": "class" if inspect.isclass(thing) else "function",
            "summary": summary,
            "parameters": parameter_count(thing),
            "documentation_lines": len((inspect.getdoc(thing) or "").splitlines()),
        }


def first_sentence(documentation: str) -> str:
    paragraphs = [part for part in documentation.split("\n\n") if not SIGNATURE.match(part)]
    return " ".join(paragraphs[0].split()) if paragraphs else ""


def parameter_count(thing: object) -> int | None:
    try:
        return len(inspect.signature(thing).parameters)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--downloads", type=Path, required=True)
    folder = parser.parse_args().downloads
    fetch(folder)
    car_frame = cars(folder)
    frames = {
        "wine": wine(),
        "cars": car_frame,
        "stocks": stocks(folder),
        "exams": exams(),
        "opinions": opinions(folder),
        "functions": functions().astype({"parameters": "Int64"}),
    }
    for name, frame in frames.items():
        frame.to_csv(HERE / f"{name}.csv", index=False)
        print(f"{name}.csv: {len(frame)} rows, {frame.shape[1]} columns")
    (HERE / "cars_messy.csv").write_bytes(messy_cars(car_frame))


if __name__ == "__main__":
    main()

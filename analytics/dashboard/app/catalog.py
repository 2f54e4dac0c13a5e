"""The pages, declared once: where they are, what they are called, which question each answers."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from analytics.app_files import app_folder
from analytics.dashboard.server.causal_models import may_be_used
from analytics.dashboard.server.settings import SettingsError, read_settings, variable


@dataclass(frozen=True)
class PageInfo:
    """One page; ``name`` is its file in pages/ and, except for the first, its address.

    ``of_file``: whether it shows the open data set, so that what is chosen there belongs to that.
    """

    name: str
    section: str
    title: str
    question: str
    icon: str
    heavy: bool = False
    """Whether importing it brings torch along: such pages are prepared after all the others."""
    of_file: bool = True
    is_useful: Callable[[], bool] | None = None
    """Whether what it needs is at hand; without that it is not offered."""

    @property
    def path(self) -> Path:
        """The page's script."""
        return app_folder() / "pages" / f"{self.name}.py"

    @property
    def module(self) -> str:
        """What its ``draw(dataset)`` is in, and a ``prepare()`` where its first use takes long."""
        return f"analytics.dashboard.pages.{self.name}.page"


PAGES = (
    PageInfo("data", "Numbers", "Data", "What is in this file?", "table_view"),
    PageInfo("relations", "Numbers", "Relations", "How do the columns hang together?", "hub"),
    PageInfo("changes", "Numbers", "Changes", "What changed between two files?", "difference"),
    PageInfo("standardize", "Numbers", "Standardize", "How far from typical is each value?", "straighten"),
    PageInfo("compare", "Numbers", "Compare", "Which result was the better one?", "balance"),
    PageInfo("outliers", "Numbers", "Outliers", "Which rows are unusual, and why?", "crisis_alert"),
    PageInfo("scaling_effects", "Numbers", "Scaling effects", "Does scaling help?", "model_training"),
    PageInfo("returns", "Numbers", "Returns", "How do returns compare?", "show_chart"),
    PageInfo("text_map", "Text", "Text map", "What is in this text?", "scatter_plot", heavy=True),
    PageInfo("ask", "Text", "Ask", "What does my text say about this?", "forum", heavy=True),
    PageInfo("classify", "Text", "Classify", "How should I classify these texts?", "label", heavy=True),
    PageInfo(
        "encoder_walk",
        "Transformer",
        "Encoder",
        "How did this text become a vector?",
        "conversion_path",
        heavy=True,
        of_file=False,
    ),
    PageInfo(
        "decoder_walk",
        "Transformer",
        "Decoder",
        "How does a decoder write?",
        "translate",
        heavy=True,
        of_file=False,
    ),
    PageInfo(
        "prompt_walk",
        "Transformer",
        "Prompt",
        "How does a model like GPT write on from a prompt?",
        "edit_note",
        heavy=True,
        of_file=False,
        is_useful=may_be_used,
    ),
    PageInfo(
        "lessons",
        "Transformer",
        "Lessons",
        "What do Transformers do? Predict, then see",
        "school",
        heavy=True,
        of_file=False,
    ),
    PageInfo("glossary", "Help", "Glossary", "What does this word mean?", "menu_book", of_file=False),
    PageInfo("hosting", "Help", "Hosting", "How do I host Zetascope?", "dns", of_file=False),
)


def shown_pages() -> tuple[PageInfo, ...]:
    """The pages this server offers: all, or those its owner named, as far as what they need is at hand.

    Raises SettingsError for what is no page.
    """
    wanted = read_settings().shown
    known = [page.name for page in PAGES]
    if unknown := sorted(wanted.difference(known)):
        raise SettingsError(
            f"{variable('pages')} holds {unknown[0]!r}, which is no page: there are {', '.join(known)}."
        )
    offered = (page for page in PAGES if not wanted or page.name in wanted)
    return tuple(page for page in offered if page.is_useful is None or page.is_useful())


def page_info(name: str) -> PageInfo:
    """The declared page of this name."""
    return next(page for page in PAGES if page.name == name)

"""Open, high, low and close of one asset or of several, of which one price each is the one for returns."""

from collections.abc import Iterable, Sequence

from analytics.numbers.returns.price_names import ADJUSTED, BAR, BESIDE, is_close, price_rank, words_of

_Stem = frozenset[str]
_PARTS = (
    {"open", "high", "low"},
    {"open", "close"},
    {"high", "low", "close"},
    {"open", "adjusted close"},
    {"high", "low", "adjusted close"},
    {"close", "adjusted close"},
)
"""Which prices of one day make several of one asset; a high and a low alone are of measurements too."""


def is_bar(names: Iterable[object]) -> bool:
    """Whether the columns hold several prices of one day, so that they are of one asset each."""
    return bool(_bars([str(name) for name in names]))


def one_of_each(prices: Sequence[str], names: Iterable[object]) -> tuple[str, ...]:
    """The prices without those of which another is the better one of the same asset on the same day.

    Assets are told apart by what stands beside the words for open, high, low and close in the ``names`` of
    all columns: AAPL Close, PX_LAST. Where nothing does, there is one asset and one price.
    """
    bars = _bars([str(name) for name in names])
    if frozenset() in bars:
        return (max(prices, key=price_rank),)
    best = {stem: _best(prices, stem) for stem in bars}
    kept = []
    for name in prices:
        words = set(words_of(name).split())
        own = [stem for stem in bars if stem <= words]
        if not own or name in (best[stem] for stem in own):
            kept.append(name)
    return tuple(kept)


def _best(prices: Sequence[str], stem: _Stem) -> str | None:
    """The price of an asset, of those whose names have nothing but its words and those for prices first."""
    own = [name for name in prices if stem <= set(words_of(name).split())]
    exact = [name for name in own if _stem(name) == stem]
    return max(exact or own, key=lambda name: price_rank(name, beside=stem), default=None)


def _bars(names: Sequence[str]) -> set[_Stem]:
    """What stands beside the words for prices in the names of each asset that has several."""
    kinds: dict[_Stem, set[str]] = {}
    for name in names:
        words = set(words_of(name).split())
        found = {kind for kind, known in zip(("open", "high", "low"), BAR, strict=True) if words & known}
        if not found and is_close(words):
            found = {"adjusted close" if words & ADJUSTED else "close"}
        if len(found) == 1:
            kinds.setdefault(_stem(name), set()).update(found)
    return {stem for stem, found in kinds.items() if any(part <= found for part in _PARTS)}


def _stem(name: str) -> _Stem:
    """The words that are none of prices."""
    words = set(words_of(name).split()) - BESIDE - ADJUSTED
    return frozenset(word for word in words if price_rank(word)[0] == 0 and not any(word in k for k in BAR))

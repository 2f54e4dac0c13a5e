"""One number with its formula and the very operands it comes from, recomputed in float64.

The few kinds of step a Transformer is made of, which the encoder's and the decoder's checks are put
together from.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from analytics.transformer.arithmetic import Linear, Norm


@dataclass(frozen=True)
class NumberCheck:
    """A recomputation to read.

    ``operands`` (n, len(headers)) has one row per term, named in ``labels``; ``steps`` are what follows from
    them, in order, each a LaTeX symbol and its value, the last one being ``recomputed``. ``written`` is the
    last step with its numbers put in, as LaTeX, empty where the operands say it all.
    """

    formula: str
    headers: tuple[str, ...]
    labels: tuple[str, ...]
    operands: np.ndarray
    steps: tuple[tuple[str, float], ...]
    shown: float
    written: str = ""

    @property
    def recomputed(self) -> float:
        return self.steps[-1][1]

    @property
    def error(self) -> float:
        """Absolute difference to the model's number; 0 for equal infinities."""
        return 0.0 if self.shown == self.recomputed else abs(self.shown - self.recomputed)


def latex_number(value: float, *, after_sign: bool = False) -> str:
    """Four digits, powers of ten written out; in brackets where it is negative and follows a sign."""
    text = f"{value:.4g}"
    if "e" in text:
        mantissa, exponent = text.split("e")
        text = rf"{mantissa} \cdot 10^{{{int(exponent)}}}"
    text = text.replace("inf", r"\infty").replace("nan", r"\text{not a number}")
    return f"({text})" if after_sign and value < 0 else text


def numbered(count: int) -> tuple[str, ...]:
    """Labels 1, 2, 3 ..."""
    return tuple(str(number) for number in range(1, count + 1))


def sum_number(formula: str, terms: Mapping[str, float], shown: float) -> NumberCheck:
    """A sum of a few named terms."""
    values = np.array([[value] for value in terms.values()])
    written = " + ".join(
        latex_number(value, after_sign=place > 0) for place, value in enumerate(values[:, 0])
    )
    steps = ((r"\text{sum}", float(values.sum())),)
    return NumberCheck(formula, ("value",), tuple(terms), values, steps, shown, written)


def norm_number(x: np.ndarray, norm: Norm, column: int, shown: float) -> NumberCheck:
    """One number of a layer norm of ``x`` (d,)."""
    x = x.astype(np.float64)
    if not norm.centred:
        return _root_mean_square_number(x, norm, column, shown)
    mean, variance = float(x.mean()), float(x.var())
    gain = float(norm.weight[column])
    shift = 0.0 if norm.bias is None else float(norm.bias[column])
    value = float(x[column])
    result = float((value - mean) / np.sqrt(variance + norm.eps) * gain + shift)
    written = (
        rf"\frac{{{latex_number(value)} - {latex_number(mean, after_sign=True)}}}"
        rf"{{\sqrt{{{latex_number(variance)} + {latex_number(norm.eps)}}}}}"
        rf" \cdot {latex_number(gain, after_sign=True)} + {latex_number(shift, after_sign=True)}"
    )
    steps = (
        ("x_d", value),
        (r"\bar{x}", mean),
        (r"\mathrm{var}(x)", variance),
        (r"\gamma_d", gain),
        (r"\beta_d", shift),
        (r"\text{result}", result),
    )
    formula = r"\frac{x_d - \bar{x}}{\sqrt{\mathrm{var}(x) + \varepsilon}}\,\gamma_d + \beta_d"
    operands = np.column_stack([x, (x - mean) ** 2])
    return NumberCheck(formula, ("x", "(x - mean)²"), numbered(len(x)), operands, steps, shown, written)


def _root_mean_square_number(x: np.ndarray, norm: Norm, column: int, shown: float) -> NumberCheck:
    """One number of a norm that divides by the root of the mean square alone."""
    square, gain, value = float((x**2).mean()), float(norm.weight[column]), float(x[column])
    result = float(value / np.sqrt(square + norm.eps) * gain)
    written = (
        rf"\frac{{{latex_number(value)}}}{{\sqrt{{{latex_number(square)} + {latex_number(norm.eps)}}}}}"
        rf" \cdot {latex_number(gain, after_sign=True)}"
    )
    steps = (("x_d", value), (r"\bar{x^2}", square), (r"\gamma_d", gain), (r"\text{result}", result))
    formula = r"\frac{x_d}{\sqrt{\bar{x^2} + \varepsilon}}\,\gamma_d"
    return NumberCheck(
        formula, ("x", "x²"), numbered(len(x)), np.column_stack([x, x**2]), steps, shown, written
    )


def linear_number(x: np.ndarray, linear: Linear, unit: int, shown: float, formula: str) -> NumberCheck:
    """One output of a linear map of ``x`` (in,)."""
    x, row = x.astype(np.float64), linear.weight[unit].astype(np.float64)
    bias = 0.0 if linear.bias is None else float(linear.bias[unit])
    total = float((x * row).sum())
    steps = ((r"\sum x_d w_d", total), ("b", bias), (r"\text{result}", total + bias))
    written = f"{latex_number(total)} + {latex_number(bias, after_sign=True)}"
    operands = np.column_stack([x, row, x * row])
    return NumberCheck(formula, ("x", "w", "x · w"), numbered(len(x)), operands, steps, shown, written)


def score_number(q: np.ndarray, k: np.ndarray, scaling: float, shown: float) -> NumberCheck:
    """Query (d,) times key (d,), scaled."""
    q, k = q.astype(np.float64), k.astype(np.float64)
    total = float(q @ k)
    steps = (
        (r"q \cdot k", total),
        (r"1/\sqrt{d}", scaling),
        (r"\text{result}", total * scaling),
    )
    written = rf"{latex_number(total)} \cdot {latex_number(scaling)}"
    formula = r"\frac{q_i \cdot k_j}{\sqrt{d_{\mathrm{head}}}}"
    operands = np.column_stack([q, k, q * k])
    return NumberCheck(formula, ("q", "k", "q · k"), numbered(len(q)), operands, steps, shown, written)


def mask_number(name: str, shown: float) -> NumberCheck:
    """What a mask adds to the score of token ``name``: nothing, or the lowest number there is."""
    seen = shown > -1e4
    added = 0.0 if seen else float(np.finfo(np.float32).min)
    terms = {f"{name} {'may be looked at' if seen else 'is hidden'}": added}
    return sum_number(r"M_{ij} = 0 \text{ where token } j \text{ may be seen}", terms, shown)


def softmax_number(
    row: np.ndarray, labels: Sequence[str], column: int, shown: float, *, formula: str, header: str
) -> NumberCheck:
    """One share of a softmax over ``row`` (n,), whose entries ``header`` names."""
    row = row.astype(np.float64)
    largest = float(row.max())
    powers = np.exp(row - largest)
    power, total = float(powers[column]), float(powers.sum())
    steps = (
        (r"m = \max_j s_j", largest),
        (r"s", float(row[column])),
        (r"e^{s - m}", power),
        (r"\sum_j e^{s_j - m}", total),
        (r"\text{result}", power / total),
    )
    written = rf"\frac{{{latex_number(power)}}}{{{latex_number(total)}}}"
    operands = np.column_stack([row, powers])
    return NumberCheck(formula, (header, "exp(s - m)"), tuple(labels), operands, steps, shown, written)


def mix_number(
    weights: np.ndarray,
    values: np.ndarray,
    labels: Sequence[str],
    shown: float,
    *,
    factor: float | None = None,
) -> NumberCheck:
    """Weights (n,) times values (n,), summed; ``factor`` is a head switch."""
    weights, values = weights.astype(np.float64), values.astype(np.float64)
    total = float(weights @ values)
    steps: tuple[tuple[str, float], ...] = ((r"\sum_j \alpha_j v_j", total),)
    if factor is not None:
        steps = (*steps, (r"\text{head switch}", factor), (r"\text{result}", total * factor))
    operands = np.column_stack([weights, values, weights * values])
    headers = ("weight", "v", "weight · v")
    return NumberCheck(r"\sum_j \alpha_{ij} v_j", headers, tuple(labels), operands, steps, shown)

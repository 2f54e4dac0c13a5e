"""The models and scalers that a scaling comparison knows: one row each."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from analytics.errors import ZetascopeError

Task = Literal["class", "number", "none"]

_SVM_ITERATIONS = 50_000
_LINEAR_ITERATIONS = 1_000
LOGISTIC_ITERATIONS = 500


@dataclass(frozen=True)
class Learner:
    """One supervised model: ``make(seed)`` gives a fresh scikit-learn estimator."""

    name: str
    task: Task
    label: str
    settings: str
    make: Callable[[int], Any]
    max_iter: int | None = None


@dataclass(frozen=True)
class Scaler:
    """One way to put columns on a common scale: ``make(n_rows)`` gives a fresh scikit-learn transformer."""

    name: str
    label: str
    formula: str
    make: Callable[[int], Any]


def _svc(seed: int) -> Any:
    from sklearn.svm import SVC

    return SVC(kernel="rbf", C=1.0, gamma="scale", max_iter=_SVM_ITERATIONS, random_state=seed)


def _svr(_seed: int) -> Any:
    from sklearn.svm import SVR

    return SVR(kernel="rbf", C=1.0, gamma="scale", epsilon=0.1, max_iter=_SVM_ITERATIONS)


def _linear_svc(seed: int) -> Any:
    from sklearn.svm import LinearSVC

    return LinearSVC(C=1.0, loss="hinge", dual=True, max_iter=_LINEAR_ITERATIONS, random_state=seed)


def _linear_svr(seed: int) -> Any:
    from sklearn.svm import LinearSVR

    return LinearSVR(C=1.0, epsilon=0.1, dual=True, max_iter=_LINEAR_ITERATIONS, random_state=seed)


def _knn_classes(_seed: int) -> Any:
    from sklearn.neighbors import KNeighborsClassifier

    return KNeighborsClassifier(n_neighbors=5)


def _knn_numbers(_seed: int) -> Any:
    from sklearn.neighbors import KNeighborsRegressor

    return KNeighborsRegressor(n_neighbors=5)


def _logistic(_seed: int) -> Any:
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(C=1.0, solver="lbfgs", max_iter=LOGISTIC_ITERATIONS)


def _ridge(_seed: int) -> Any:
    from sklearn.linear_model import Ridge

    return Ridge(alpha=1.0, solver="lsqr", max_iter=_LINEAR_ITERATIONS)


def _forest_classes(seed: int) -> Any:
    from sklearn.ensemble import RandomForestClassifier

    return RandomForestClassifier(n_estimators=50, random_state=seed, n_jobs=1)


def _forest_numbers(seed: int) -> Any:
    from sklearn.ensemble import RandomForestRegressor

    return RandomForestRegressor(n_estimators=50, random_state=seed, n_jobs=1)


KERNEL, LINEAR = "RBF SVM", "Linear SVM"
_LEARNERS = (
    Learner("svm_rbf", "class", KERNEL, "C = 1, gamma = scale", _svc, _SVM_ITERATIONS),
    Learner("svm_rbf", "number", KERNEL, "C = 1, gamma = scale, epsilon = 0.1", _svr, _SVM_ITERATIONS),
    Learner("svm_linear", "class", LINEAR, "C = 1, hinge loss", _linear_svc, _LINEAR_ITERATIONS),
    Learner("svm_linear", "number", LINEAR, "C = 1, epsilon = 0.1", _linear_svr, _LINEAR_ITERATIONS),
    Learner("knn", "class", "k-nearest neighbours", "k = 5", _knn_classes),
    Learner("knn", "number", "k-nearest neighbours", "k = 5", _knn_numbers),
    Learner("logistic", "class", "Logistic regression", "C = 1, L-BFGS", _logistic, LOGISTIC_ITERATIONS),
    Learner("ridge", "number", "Ridge regression", "alpha = 1, LSQR", _ridge, _LINEAR_ITERATIONS),
    Learner("forest", "class", "Random forest", "50 trees", _forest_classes),
    Learner("forest", "number", "Random forest", "50 trees", _forest_numbers),
)
UNSUPERVISED = {"kmeans": "k-means", "pca": "First principal component"}


def _raw(_rows: int) -> Any:
    from sklearn.preprocessing import FunctionTransformer

    return FunctionTransformer()


def _zscore(_rows: int) -> Any:
    from sklearn.preprocessing import StandardScaler

    return StandardScaler()


def _robust(_rows: int) -> Any:
    from sklearn.preprocessing import RobustScaler

    return RobustScaler()


def _minmax(_rows: int) -> Any:
    from sklearn.preprocessing import MinMaxScaler

    return MinMaxScaler()


def _rank_gauss(rows: int) -> Any:
    from sklearn.preprocessing import QuantileTransformer

    return QuantileTransformer(n_quantiles=min(rows, 1000), output_distribution="normal", subsample=None)


SCALERS = {
    scaler.name: scaler
    for scaler in (
        Scaler("raw", "Raw", "x", _raw),
        Scaler("zscore", "Z-score", "(x − mean) / SD", _zscore),
        Scaler("robust", "Robust", "(x − median) / IQR", _robust),
        Scaler("minmax", "Min-max", "(x − min) / (max − min)", _minmax),
        Scaler("rank_gauss", "Rank-Gaussian", "normal quantile of the rank", _rank_gauss),
    )
}


def learners_for(task: Task) -> dict[str, Learner]:
    """The supervised models that fit a target of this kind, by name."""
    return {learner.name: learner for learner in _LEARNERS if learner.task == task}


def model_names(task: Task) -> tuple[str, ...]:
    """Every model, supervised or not, that a comparison for this kind of target can hold."""
    return (*learners_for(task), *UNSUPERVISED)


def check_models(models: tuple[str, ...] | None, task: Task) -> tuple[str, ...]:
    """``models``, or all that fit the task; raises where one is unknown or needs another kind of target."""
    available = model_names(task)
    for name in models or ():
        if name not in available:
            raise ZetascopeError(f"Model {name!r} is not available here: choose from {', '.join(available)}.")
    return available if models is None else tuple(dict.fromkeys(models))


def check_scalers(scalers: tuple[str, ...]) -> tuple[str, ...]:
    """``scalers`` with ``raw``, which all are compared with, in front; raises where one is unknown."""
    for name in scalers:
        if name not in SCALERS:
            raise ZetascopeError(f"Scaler {name!r} is unknown: choose from {', '.join(SCALERS)}.")
    return tuple(dict.fromkeys(("raw", *scalers)))

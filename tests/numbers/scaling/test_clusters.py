"""Clusterings are compared with the classes as scikit-learn compares them."""

from itertools import combinations

import numpy as np
import pytest
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score

from analytics.numbers.scaling.clusters import agreement_of, cluster_rows


@pytest.mark.parametrize(("rows", "clusters", "classes"), [(2, 2, 1), (7, 1, 1), (30, 2, 3), (60, 5, 60)])
def test_agreement_is_the_adjusted_rand_index(rows: int, clusters: int, classes: int) -> None:
    Z, labels = np.random.default_rng(rows).normal(size=(rows, 2)), np.arange(rows) % classes
    fits = [KMeans(clusters, n_init=1, random_state=seed).fit(Z) for seed in range(10)]
    found = cluster_rows(Z, clusters, labels=labels)
    expected = [adjusted_rand_score(labels, fit.labels_) for fit in fits]
    np.testing.assert_allclose(found.agreements, expected, atol=1e-12)
    among = np.mean([adjusted_rand_score(a.labels_, b.labels_) for a, b in combinations(fits, 2)])
    assert found.stability == pytest.approx(among, abs=1e-12)
    best = KMeans(clusters, n_init=3, random_state=4).fit(Z).labels_
    assert agreement_of(Z, clusters, labels, seed=4) == pytest.approx(adjusted_rand_score(labels, best))

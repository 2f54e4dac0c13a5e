"""Points in drawn regions: a circle, a bay, triangles by their half-planes, boxes."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.text.regions import inside_box, inside_polygon

GRID = np.stack(np.meshgrid(np.linspace(-2, 2, 41), np.linspace(-2, 2, 41)), axis=-1).reshape(-1, 2)


def test_a_circle_of_corners_holds_what_is_nearer_than_its_radius() -> None:
    angles = np.linspace(0, 2 * np.pi, 720, endpoint=False)
    circle = np.column_stack([np.cos(angles), np.sin(angles)])
    radius = np.linalg.norm(GRID, axis=1)
    found = inside_polygon(GRID, circle.tolist())
    clear = np.abs(radius - 1) > 1e-3
    np.testing.assert_array_equal(found[clear], (radius < 1)[clear])


def test_a_bay_is_outside() -> None:
    letter_u = [[-1, -1], [1, -1], [1, 1], [0.4, 1], [0.4, -0.4], [-0.4, -0.4], [-0.4, 1], [-1, 1]]
    points = np.array([[0, 0.5], [0, -0.7], [0.7, 0.5], [-0.7, 0.5], [1.5, 0]])
    assert inside_polygon(points, letter_u).tolist() == [False, True, True, True, False]


@settings(deadline=None)
@given(st.lists(st.tuples(st.floats(-1.9, 1.9), st.floats(-1.9, 1.9)), min_size=3, max_size=3, unique=True))
def test_a_triangle_by_its_half_planes(corners: list[tuple[float, float]]) -> None:
    a, b, c = np.array(corners)

    def side(p: np.ndarray, q: np.ndarray) -> np.ndarray:
        return (q[0] - p[0]) * (GRID[:, 1] - p[1]) - (q[1] - p[1]) * (GRID[:, 0] - p[0])

    sides = np.stack([side(a, b), side(b, c), side(c, a)])
    clear = (np.abs(sides) > 1e-6).all(axis=0)
    expected = (sides > 0).all(axis=0) | (sides < 0).all(axis=0)
    np.testing.assert_array_equal(inside_polygon(GRID, corners)[clear], expected[clear])


def test_less_than_a_triangle_holds_nothing() -> None:
    assert not inside_polygon(GRID, []).any()
    assert not inside_polygon(GRID, [[0, 0], [1, 1]]).any()


def test_a_box_may_be_drawn_from_any_corner() -> None:
    expected = (np.abs(GRID[:, 0] - 0.5) <= 0.5) & (np.abs(GRID[:, 1]) <= 1)
    np.testing.assert_array_equal(inside_box(GRID, [[1, 0], [-1, 1]]), expected)

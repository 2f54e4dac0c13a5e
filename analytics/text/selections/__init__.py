"""A selection of texts by itself: what sets it apart, what belongs to it, and which rows do not fit."""

"""Standard scores, outliers, scaling effects and returns."""

"""An encoder walked through: trace, checks, attribution, similarity."""

"""A decoder walked through: decoding, trace, checks, masks."""

"""The laws that scores of clean normal data follow, in tables of every size, columns and groups."""

"""What a search is worth: rows by name and in order, more than chance, thresholds, which method suits."""

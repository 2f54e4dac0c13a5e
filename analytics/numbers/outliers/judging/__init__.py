"""What a search is worth: rows in order, more than chance, the scale of thresholds, which method suits."""

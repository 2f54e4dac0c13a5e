"""Groups of texts: found in a tree, by number or on the graph; named, judged and edited."""

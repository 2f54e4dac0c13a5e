"""The fast lane: large clean files through Arrow, or a word that the careful way must read them."""

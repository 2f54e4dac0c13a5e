"""How the packaged English-French translator was trained; no part of the product."""

"""Asset prices: layout, checks, returns and their comparison."""

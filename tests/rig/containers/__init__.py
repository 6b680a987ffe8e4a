"""Images built and containers run by a real Docker engine, as a platform runs them."""

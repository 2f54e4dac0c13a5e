"""The frame around every page: navigation, login, logs, warm-up."""

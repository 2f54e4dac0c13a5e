"""Whether scaling helps a model, with honest tests."""

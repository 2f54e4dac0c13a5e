"""Steps of a recipe as lines of pandas."""

"""The script that takes the steps of a recipe, and the functions that such steps need."""

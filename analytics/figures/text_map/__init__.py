"""Pictures of a text map."""

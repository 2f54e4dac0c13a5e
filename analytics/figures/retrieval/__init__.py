"""Pictures of passages that were found, and of how good that is."""

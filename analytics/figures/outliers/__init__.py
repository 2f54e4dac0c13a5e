"""Pictures of unusual rows."""

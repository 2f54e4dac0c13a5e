"""Pictures of Transformer walks, and their offline pages."""

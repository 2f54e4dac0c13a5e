"""What pages that read texts share: models and the Hub, ways between map and encoder, marked text."""

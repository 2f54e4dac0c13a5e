"""What the server keeps and shares: settings, data sets, models, jobs."""

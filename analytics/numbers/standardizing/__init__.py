"""Standard scores: fitting, applying, inverting, explaining and handing on."""

"""One column over time: spikes and level shifts against its season."""

"""What the program says: results as tables for people and as JSON for scripts. Decides nothing, writes nothing."""

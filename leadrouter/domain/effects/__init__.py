"""What each kind of event changes on the desk. Called by `apply` alone; no decision is taken, no clock is read here."""

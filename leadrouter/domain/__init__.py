"""How leads are handed out, as pure functions over records: no SQL, no clock, no I/O, no chance of its own."""

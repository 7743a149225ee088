"""The one SQLite file: schema, write transaction, desks, leads and report queries. The only SQL of the program."""

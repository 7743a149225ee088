"""Lead files and values from outside -> `Lead` records, or a rejected row with its reason.

Nothing is imported here: `route` takes `intake.values` alone and must not pay for CSV reading. The doors are
`values` (one lead), `table` (a file of leads, past ones too), `outcome_file` (what became of them) and `rejects`
(what could not be used). Nothing in this package routes, stores or prints.
"""

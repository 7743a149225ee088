"""One tree of errors. Each class carries its exit code (CONTRACT) and a way out for the user.

Nothing is printed here and nothing is decided here: `cli` catches the tree once and renders it.
A message never holds a lead's own text beyond what the user just typed or a line number.
"""

DONE_IN_PART = 3
"""No error: what the shell sees where some of it was done, and the rest was said."""


class LeadrouterError(Exception):
    """Something the user can mend.

    `message` says what and where, `hint` what to do next; `exit_code` is what the shell sees.
    """

    exit_code = 1
    code = "failed"

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class WrongUsage(LeadrouterError):
    """The command line itself is wrong: an unknown agent, a lead that two leads answer to."""

    exit_code = 2
    code = "wrong_usage"


class UnusableFile(LeadrouterError):
    """A configuration or a lead file that cannot be used; nothing was written."""

    exit_code = 4
    code = "unusable_file"


class NoDatabase(LeadrouterError):
    """There is no database, it is not one of ours, or a newer leadrouter wrote it."""

    exit_code = 5
    code = "no_database"


class Busy(LeadrouterError):
    """Another process held the write lock beyond the timeout."""

    exit_code = 6
    code = "busy"


class Refused(LeadrouterError):
    """The step is not allowed in the state the lead is in."""

    exit_code = 7
    code = "refused"


class Interrupted(LeadrouterError):
    """Somebody pressed Ctrl-C. What was committed is kept, as after a kill; 130 is what shells say of SIGINT."""

    exit_code = 130
    code = "interrupted"

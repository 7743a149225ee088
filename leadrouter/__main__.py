"""`python -m leadrouter`: the same as the console script."""

from leadrouter.cli import main

main()

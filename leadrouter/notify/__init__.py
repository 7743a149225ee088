"""From the outbox to the outside world, after the commit: words, channels, attempts.

Nothing here decides anything about leads, and no failure here reaches those who route. apprise is imported in
`channels` alone, and only when something is to be sent.
"""

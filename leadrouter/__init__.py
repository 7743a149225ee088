"""leadrouter: hands out a small brokerage's leads in fair turns, watches the clocks and proves it."""

__version__ = "0.1.0"

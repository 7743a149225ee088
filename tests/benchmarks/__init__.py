"""How fast, how big and how fair: every figure a ratio against something measured in the same run, never an assertion.

Run with `python -m tests.benchmarks`; `pytest` collects nothing here, since a slow machine is no failed test.
"""

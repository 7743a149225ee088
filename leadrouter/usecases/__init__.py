"""The writing steps: one function per thing a user can make happen, each in one transaction or a row of them."""

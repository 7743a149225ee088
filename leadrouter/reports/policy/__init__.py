"""A policy in plain sentences and tables, generated from the very objects that route, so that it cannot be wrong.

`sections` names what is told and in which order: a new part of the policy is one function and one row there. Every
sentence has a key; a test holds for each key a lead that proves what the sentence says.
"""

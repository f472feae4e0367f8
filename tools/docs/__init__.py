"""Makes the pages of the documentation that the code can write itself.

Run ``python -m tools.docs`` to write them, with ``--check`` to compare them with what is committed.
"""

"""Makes the committed tables of ``dehliz.eurasia`` from open packages and curated facts.

Run ``python -m tools.build_eurasia`` to write them, with ``--check`` to compare them byte for byte.
"""

"""Programs that make or check parts of the project; the installed package needs none of them."""

"""What exists: tables, files, rules and scenarios."""

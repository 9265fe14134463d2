"""Files that tests write for themselves."""

"""Files that tests write for themselves, and what is made of them."""

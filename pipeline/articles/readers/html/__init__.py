"""HTML: saved web pages, and pages that word processors make, to text, with what their tags say of it.

`markup` makes a tree of bytes, `blocks` the lines of text that it shows, `content` tells the article's from the rest,
with the `boxes` in it, `about` its title, date and site, and `page` puts them together.
"""

from pipeline.articles.readers.html.page import read, source

__all__ = ["read", "source"]

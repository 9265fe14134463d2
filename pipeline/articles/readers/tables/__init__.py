"""Tables with an article a row: CSV, JSON Lines, Excel and Parquet.

`delimited`, `jsonlines`, `workbook` and `parquet` make a `Table` of a file, `rows` says what that is, and `reading`
makes articles of its rows.
"""

from pipeline.articles.readers.tables.reading import read, survey

__all__ = ["read", "survey"]

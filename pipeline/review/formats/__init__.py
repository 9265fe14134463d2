"""Formats: sentences out to spreadsheets and labelling tools, and what people said of them back in.

Whatever the tool, a sentence goes out with its id, context and the model's labels, and nothing that comes back counts
as said by a person unless a person said it: labels that a tool shows beforehand are only taken from confirmed answers.
"""

from pipeline.review.formats.files import FORMATS, Format, read, recognise, write

__all__ = ["FORMATS", "Format", "read", "recognise", "write"]

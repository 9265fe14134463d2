"""Reading: what commands read of articles; what can't be read is said, and the rest goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from pipeline.cli.options import note

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from pipeline.articles import Article
    from pipeline.scoring import Scored
    from pipeline.settings import ArticleSettings


class Reading:
    """How many articles are `done` and how many could not be read, each said as it comes."""

    def __init__(self, *, quiet: bool) -> None:
        self.done = self.failures = 0
        self._quiet = quiet

    def articles(
        self,
        files: Iterable[str],
        settings: ArticleSettings,
        folder: Path | None,
        copies: Mapping[str, str] | None = None,
    ) -> Iterator[Article]:
        """The articles of files, or of their copies; their texts are written into a folder, if one is given."""
        from pipeline.articles import Article, Failure, read_sources
        from pipeline.articles.readers.streams import name_of
        from pipeline.articles.saving import saved

        for path in files:
            place = (copies or {}).get(path, path)
            for item in saved(read_sources(place, name_of(path), settings=settings), folder):
                if isinstance(item, Failure):
                    self._tell((), [item.message])
                    continue
                self._tell(item.notes, ())
                self.done += 1
                yield Article.of(item)

    def scored(self, parts: Iterable[Scored]) -> Iterator[Scored]:
        """Parts of what is scored, as they come."""
        for part in parts:
            self._tell(part.notes, part.failures)
            self.done += len(part.articles)
            yield part

    def _tell(self, notes: Sequence[str], failures: Sequence[str]) -> None:
        for message in notes:
            note(f"note: {message}", quiet=self._quiet)
        for message in failures:
            note(f"error: {message}")
        self.failures += len(failures)

    def exit_if_none(self) -> None:
        """Exit where nothing could be read: before a file is written, so that none is."""
        if self.failures and not self.done:
            raise typer.Exit(1)

    def end(self) -> None:
        """Say that some could not be read, and exit so."""
        if self.failures:
            others = f"{self.done:,} article{'s are' if self.done != 1 else ' is'} done"
            note(f"{self.failures:,} could not be read; {others}", quiet=self._quiet)
            raise typer.Exit(1)

"""The ledger: every sentence given out for review and everything that people said of it.

It is an SQLite database in WAL mode, rather than JSON Lines with fsync, because a whole file of reviews is one
transaction (there or not, whatever happens in the middle), many processes may bring files in at once, an unknown
sentence is refused by the database itself, and one article can be forgotten without rewriting the rest by hand.
Reviews are only ever added: the database refuses to change one, or to remove one except when an article is forgotten.
Each commit is synced to the disk before a command returns. WAL needs a disk of this machine, not a network's.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import astuple, fields
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from pipeline.errors import ReviewError
from pipeline.review.items import Item, Review, timestamp

FILE = "reviews.sqlite"
_VERSION = 1
_WAIT = 120.0
_KEPT = "CREATE TRIGGER kept BEFORE DELETE ON reviews BEGIN SELECT RAISE(ABORT, 'reviews are only added'); END"
_NEW = """INSERT INTO reviews (id, who, at, finding, themes, note, settles, recorded)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)"""
_SCHEMA = (
    """CREATE TABLE items (id TEXT PRIMARY KEY, article TEXT NOT NULL, position INTEGER NOT NULL, text TEXT NOT NULL,
    before TEXT NOT NULL, after TEXT NOT NULL, heading TEXT NOT NULL, block TEXT NOT NULL, speaker TEXT NOT NULL,
    finding TEXT NOT NULL, confidence REAL NOT NULL, themes TEXT NOT NULL, reason TEXT NOT NULL)""",
    """CREATE TABLE reviews (number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL REFERENCES items (id),
    who TEXT NOT NULL, at TEXT NOT NULL, finding TEXT, themes TEXT, note TEXT NOT NULL, settles INTEGER NOT NULL,
    recorded TEXT NOT NULL)""",
    "CREATE INDEX reviews_of ON reviews (id, who)",
    "CREATE TABLE themes (key TEXT PRIMARY KEY, name TEXT NOT NULL)",
    "CREATE TABLE files (digest TEXT PRIMARY KEY, recorded TEXT NOT NULL)",
    "CREATE TRIGGER unchanged BEFORE UPDATE ON reviews BEGIN SELECT RAISE(ABORT, 'reviews are only added'); END",
    _KEPT,
    f"PRAGMA user_version = {_VERSION}",
)


class Ledger:
    """The ledger of a folder. Used with `with`, which closes it.

    Every method raises `ReviewError` when the database can't be read or written, or is no ledger.
    """

    def __init__(self, folder: Path, *, create: bool = False) -> None:
        """Open a folder's ledger; with `create`, one is made where there is none, else `ReviewError` is raised."""
        self.path = folder / FILE
        if not create and not self.path.is_file():
            raise ReviewError(
                f"{folder}: nothing was given out for review here: start with 'pipeline review export', "
                "or name the folder with --reviews"
            )
        with self._explained():
            folder.mkdir(parents=True, exist_ok=True)
            self._base = sqlite3.connect(self.path, timeout=_WAIT, isolation_level=None)
            try:
                self._prepare()
            except BaseException:
                self._base.close()
                raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._base.close()

    def add(self, items: Iterable[Item], themes: Mapping[str, str]) -> None:
        """Keep items that are about to be given out, and the themes that reviewers may choose from."""
        names = [field.name for field in fields(Item)]
        row = f"INSERT INTO items ({', '.join(names)}) VALUES ({', '.join('?' * len(names))}) "  # noqa: S608 names of ours
        row += f"ON CONFLICT (id) DO UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in names[1:])}"
        with self._transaction():
            self._base.executemany(row, [(*astuple(i)[:-2], json.dumps(i.themes), i.reason) for i in items])
            self._base.executemany("INSERT OR REPLACE INTO themes VALUES (?, ?)", themes.items())

    def items(self) -> dict[str, Item]:
        """Every item by its id, in the order of articles and positions."""
        names = ", ".join(field.name for field in fields(Item))
        with self._explained():
            rows = self._base.execute(f"SELECT {names} FROM items ORDER BY article, position").fetchall()  # noqa: S608
        return {row[0]: _item(row) for row in rows}

    def themes(self) -> dict[str, str]:
        """The themes that reviewers may choose from: keys and names."""
        with self._explained():
            return dict(self._base.execute("SELECT key, name FROM themes ORDER BY rowid").fetchall())

    def reviews(self) -> list[Review]:
        """Every review, in the order in which they were made."""
        with self._explained():
            rows = self._base.execute(
                "SELECT id, who, at, finding, themes, note, settles FROM reviews ORDER BY at, number"
            ).fetchall()
        return [_review(row) for row in rows]

    def record(self, reviews: Sequence[Review], digest: str | None = None) -> int | None:
        """Add reviews, all or none, and return how many are new: None if a file of this digest was recorded before.

        What repeats a reviewer's last word adds nothing. A review without a time is made now, and after all that its
        reviewer said of the item before, though the clock went back. So is one that has the time of an earlier review
        but says something else: it was edited since.
        """
        now = datetime.now(UTC)
        with self._transaction():
            if digest is not None:
                row = "INSERT INTO files VALUES (?, ?) ON CONFLICT DO NOTHING"
                if not self._base.execute(row, (digest, timestamp(now))).rowcount:
                    return None
            return sum(self._added(review, now) for review in reviews)

    def purge(self, *articles: str) -> tuple[int, int]:
        """Forget articles, by name or digest, and leave nothing of their text in the files of the ledger.

        Returns how many items and reviews went. Safe to repeat, as after being broken off.
        """
        with self._transaction():
            digests = set(articles)
            for name in articles:
                ids = self._base.execute("SELECT id FROM items WHERE article = ?", (name,))
                digests.update(identity.partition(":")[0] for (identity,) in ids)
            self._base.execute("DROP TRIGGER kept")
            items = reviews = 0
            for digest in digests:
                of_it = (f"{digest}:", f"{digest};")  # ";" follows ":"
                reviews += self._base.execute("DELETE FROM reviews WHERE id >= ? AND id < ?", of_it).rowcount
                items += self._base.execute("DELETE FROM items WHERE id >= ? AND id < ?", of_it).rowcount
            self._base.execute(_KEPT)
            if items:
                # What was brought in before may be brought in again, should the article be given out again.
                self._base.execute("DELETE FROM files")
        self._scrub()
        return items, reviews

    def check(self) -> None:
        """Raise `ReviewError` when the database is damaged."""
        with self._explained():
            found = self._base.execute("PRAGMA integrity_check").fetchone()[0]
        if found != "ok":
            raise ReviewError(f"{self.path}: damaged ({found}): restore it from a copy")

    def _added(self, review: Review, now: datetime) -> bool:
        """Add a review unless it is there already."""
        own = "FROM reviews WHERE id = ? AND who = ?"
        columns = "id, who, at, finding, themes, note, settles"
        rows = self._base.execute(f"SELECT {columns} {own} ORDER BY at, number", (review.id, review.who)).fetchall()
        before = [_review(row) for row in rows]
        last = before[-1] if before else None
        same_time = [other for other in before if other.at == review.at]
        if (last and last.content == review.content) or any(o.content == review.content for o in same_time):
            return False
        at = review.at
        if at is None or same_time:
            at = timestamp(now)
            if last and last.at and at <= last.at:
                at = timestamp(datetime.fromisoformat(last.at) + timedelta(microseconds=1))
        themes = None if review.themes is None else json.dumps(sorted(review.themes))
        said = (review.id, review.who, at, review.finding, themes, review.note, int(review.settles), timestamp(now))
        self._base.execute(_NEW, said)
        return True

    def _prepare(self) -> None:
        """Set how the database works, and make its tables where there are none."""
        deadline = time.monotonic() + _WAIT
        while True:
            try:
                # Several processes may make a ledger at once, and not every wait for another is SQLite's own.
                self._base.execute("PRAGMA journal_mode = WAL")
                for setting in ("synchronous = FULL", "fullfsync = ON", "foreign_keys = ON", "secure_delete = ON"):
                    self._base.execute(f"PRAGMA {setting}")
                self._base.execute("PRAGMA temp_store = MEMORY")  # no text in temporary files
                version = self._base.execute("PRAGMA user_version").fetchone()[0]
                if version == 0:
                    self._create()
                elif version != _VERSION:
                    raise ReviewError(
                        f"{self.path}: of another version ({version}) than {_VERSION}: upgrade the pipeline"
                    )
            except sqlite3.OperationalError as error:
                if "locked" not in str(error) or time.monotonic() > deadline:
                    raise
                time.sleep(0.05)
            else:
                return

    def _create(self) -> None:
        self._base.execute("BEGIN IMMEDIATE")
        try:
            if self._base.execute("PRAGMA user_version").fetchone()[0] == 0:
                for statement in _SCHEMA:
                    self._base.execute(statement)
            self._base.execute("COMMIT")
        except BaseException:
            self._base.execute("ROLLBACK")
            raise

    def _scrub(self) -> None:
        """Leave nothing in the files but what the tables hold. Deleted rows are zeroed; the log is emptied here."""
        with self._explained():
            self._base.execute("VACUUM")
            if self._base.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
                raise ReviewError(
                    f"{self.path}: forgotten, but another process keeps the log open: end it, then run "
                    "'pipeline review status', which empties the log"
                )

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with self._explained():
            self._base.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._base.execute("COMMIT")
            except BaseException:
                if self._base.in_transaction:
                    self._base.execute("ROLLBACK")
                raise

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.IntegrityError:
            raise ReviewError(f"{self.path}: a sentence was forgotten meanwhile: leave it out") from None
        except sqlite3.DatabaseError as error:
            raise ReviewError(f"{self.path}: can't be used ({error}): make room, or restore it from a copy") from None
        except OSError as error:
            raise ReviewError(
                f"{self.path}: can't be written ({error.strerror or error}): name another folder with --reviews"
            ) from None


def _item(row: Sequence[Any]) -> Item:
    values = dict(zip((field.name for field in fields(Item)), row, strict=True))
    return Item(**values | {"themes": tuple(json.loads(values["themes"]))})


def _review(row: Sequence[Any]) -> Review:
    key, who, at, finding, themes, note, settles = row
    return Review(key, who, at, finding, None if themes is None else tuple(json.loads(themes)), note, bool(settles))

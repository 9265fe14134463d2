"""Boxes: asides in an article that are part of it, such as its key findings in brief.

Most asides are none: they lead elsewhere, offer something, or show a sentence of the article again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import accumulate

from pipeline.articles.furniture import is_furniture
from pipeline.articles.readers.html.blocks import Block, Walk
from pipeline.articles.readers.html.words import EDGE, Words, edges, is_long, words
from pipeline.articles.text import ends

Box = list[int]
"""The numbers of a box's blocks."""

_SENTENCE_ENDS = (".", "!", "?", "…")
_LONGEST_LABEL = 8
_SHORTEST_ITEM = 4
_FEWEST_ITEMS = 2
_LINKED = 0.5
# What stands above links and offers: short lines only, since inspectors, too, write of getting in touch.
_LABELS = (
    *("about (?:the author|us)", "advertisements?", "affected by", "also (?:in|on) this", "book (?:here|now)"),
    *("contact us", "donate", "follow us", "get in touch", "how to complain", "in this (?:section|series)"),
    *("latest (?:from|headlines|jobs|news|stories|updates)", "listen (?:again|now|to)", "log ?in"),
    *("more (?:from|like|news|on|stories)", "most (?:popular|read|shared|viewed)", "on this page", "podcasts?"),
    *("read (?:also|more|next)", "recommended (?:for|reading)", "register (?:for|here|now)", "see also", "share this"),
    *("related (?:articles?|content|links?|news|pages?|stories|topics)", "sign ?up", "sponsored", "subscribe"),
    *("support (?:our|us)", "top stories", "trending", "useful (?:contacts|links)", "watch (?:again|now)"),
    "you (?:may|might) (?:also|like)",
)
_LABEL = re.compile(rf"\b(?:{'|'.join(_LABELS)})\b", re.IGNORECASE)
_OFFER = re.compile(
    r"\b(?:newsletters?|(?:un)?subscribe|your inbox|follow us|our (?:app|journalism|podcast)|e-?mail us|email address"
    r"|have you been affected|been affected by|click here|sign up (?:for|to) our)\b",
    re.IGNORECASE,
)


def boxes_of(walk: Walk, main: Sequence[int], chosen: Sequence[bool]) -> list[Box]:
    """The boxes in the element that an article is in; `main` are the numbers of its main text, `chosen` all of it."""
    home = _home(walk, main)
    boxes = [
        [
            number
            for number in range(start, walk.ends[own])
            if walk.blocks[number].doubts == (own,) and not chosen[number]
        ]
        for own, start in walk.boxes.items()
        if start in home and walk.ends[own] <= home.stop
    ]
    article = (block.text for block, is_chosen in zip(walk.blocks, chosen, strict=True) if is_chosen)
    again = _repeated(walk.blocks, [number for box in boxes for number in box], article)
    boxes = [[number for number in box if number not in again] for box in boxes]
    return [box for box in boxes if _is_part([walk.blocks[number] for number in box])]


def in_order(blocks: Sequence[Block], chosen: Sequence[bool], boxes: Iterable[Box]) -> list[int]:
    """The numbers of chosen blocks as they are read.

    A box with a heading of its own comes after the section that it stands in, so that it heads nothing else.
    """
    headed = {number for box in boxes if any(blocks[one].level or blocks[one].bold for one in box) for number in box}
    order: list[int] = []
    held: list[int] = []
    for number in (number for number, is_chosen in enumerate(chosen) if is_chosen):
        if number in headed:
            held.append(number)
            continue
        if blocks[number].level:
            order += held
            held = []
        order.append(number)
    return order + held


def _home(walk: Walk, main: Sequence[int]) -> range:
    """The blocks of the smallest element for an article that has most of its main text; none where no element has."""
    lengths = [0] * len(walk.blocks)
    for number in main:
        lengths[number] = len(walk.blocks[number].text)
    before = list(accumulate(lengths, initial=0))
    homes = (range(start, walk.ends[own]) for own, start in walk.mains.items())
    fitting = (home for home in homes if 2 * (before[home.stop] - before[home.start]) > before[-1])
    return min(fitting, key=len, default=range(0))


def _repeated(blocks: Sequence[Block], numbers: Iterable[int], article: Iterable[str]) -> set[int]:
    """Which of some blocks an article has among its words already, as what is pulled out of it."""
    own = {number: edges(blocks[number].text) for number in numbers}
    wanted = {edge for pair in own.values() for edge in pair if len(edge) == EDGE}
    found = {window for text in article for window in _windows(words(text)) if window in wanted} if wanted else set()
    return {number for number, (first, last) in own.items() if first in found and last in found}


def _windows(text: Words) -> Iterable[Words]:
    return zip(*(text[start:] for start in range(EDGE)), strict=False)


def _is_part(blocks: Sequence[Block]) -> bool:
    """Whether blocks are sentences, or a list of what was found, and not mostly links, nor an offer."""
    text = [block for block in blocks if not block.level and block.linked <= _LINKED and not is_furniture(block.text)]
    links = sum(block.linked > _LINKED for block in blocks)
    if links > len(text) or any(map(_leads_away, blocks)):
        return False
    items = [block for block in text if block.kind == "bullet"]
    telling = sum(len(block.text.split()) >= _SHORTEST_ITEM for block in items)
    prose = (
        block.kind in (None, "quote") and is_long(block.text) and ends(block.text, _SENTENCE_ENDS) for block in text
    )
    return any(prose) or (telling >= _FEWEST_ITEMS and 2 * telling > len(items))


def _leads_away(block: Block) -> bool:
    """Whether a block is a linked heading, or says that something is offered."""
    if block.linked > _LINKED:
        return bool(block.level) or block.bold
    is_label = block.level or (block.kind != "bullet" and len(block.text.split()) <= _LONGEST_LABEL)
    return bool(_OFFER.search(block.text) or (is_label and _LABEL.search(block.text)))

"""Who speaks in each sentence: inspectors, the provider inspected, others, or the article's narrator.

A rule of thumb, not a parser: attributions ("inspectors found", "said Cllr …") are read where they stand, and an open
quotation keeps its speaker until it closes. A letter or report written by inspectors is theirs throughout.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

Speaker = Literal["inspector", "provider", "narrator", "other"]
SPEAKERS: tuple[Speaker, ...] = ("inspector", "provider", "narrator", "other")

_VERB = (
    r"(?:said|says?|add(?:ed|s)|told|tells?|found|finds?|finding|not(?:ed|es?)|saw|sees?|stat(?:ed|es)|wr(?:ote|ites|itten)|report(?:ed|s)?|highlight(?:ed|s)?"
    r"|prais(?:ed|es)|commend(?:ed|s)?|welcom(?:ed|es?)|criticis(?:ed|es)|warn(?:ed|s)|conclud(?:ed|es)|describ(?:ed|es?)|identif(?:ied|ies|y)|judged?|rat(?:ed|es)|grad(?:ed|es)"
    r"|recognis(?:ed|es)|recommend(?:ed|s)?|call(?:ed|s)|urg(?:ed|es)|point(?:ed|s)|observ(?:ed|es)|explain(?:ed|s)|comment(?:ed|s)|insist(?:ed|s)|stress(?:ed|es)|continu(?:ed|es)"
    r"|acknowledg(?:ed|es)|accept(?:ed|s)|pledged|promised|apologised|thanked|admitted|responded|replied|raised?|want(?:ed)?|heard|asked|concerned|gave|given|has|have|had|also|were|was|is|are)"
)
_INSPECTORS = (
    r"(?:inspectors?|ofsted|inspectorate|watchdog|regulator|hmi|care quality commission|cqc|hmip|hm inspectorate of probation"
    r"|inspection (?:team|report|letter)|reports?|letter|monitoring visit|focused visit|inspection|findings|visit(?:ing)? team)"
)
_PROVIDERS = (
    r"(?:cllr|councillors?|council leader|leader of (?:the )?[\w\s]{0,30}council|cabinet member|lead member|portfolio holder|director of (?:children|people|education|family)|executive director"
    r"|strategic director|corporate director|service director|assistant director|director|chief executive|chief officer|dcs|spokes(?:person|man|woman)|registered manager|head ?teacher|head of service|chair of the (?:trust|improvement board)|(?:the|our) (?:council|authority|trust|partnership|home|agency))"
)
_OTHERS = (
    r"(?:minister|secretary of state|department for education|dfe|mps?|unison|unions?|gmb|basw|adcs|local government association|lga|charit(?:y|ies)|nspcc|barnardo|campaigners?|opposition"
    r"|parents?|mothers?|mums?|fathers?|dads?|grandmother|residents?|lawyer|solicitor|judge|coroner|ombudsman|children[’']s commissioner|professor|police and crime commissioner|commissioner)"
)
_SPOKEN = r"(?:said|says|told|added|adds|explained|commented|continued|insisted|admitted|responded|replied|warned|pledged|promised|apologised|thanked|stressed|wrote|concluded)"

_BY_INSPECTORS = re.compile(
    rf"\b{_INSPECTORS}\b(?:\W+\w+){{0,3}}?\W+{_VERB}\b|\b(?:according to|{_SPOKEN}|found by|told by|praised by|criticised by|judged by|rated by|from)\b\W+(?:\w+\W+){{0,3}}?{_INSPECTORS}\b",
    re.IGNORECASE,
)
_BY_PROVIDER = re.compile(
    rf"\b{_PROVIDERS}\b.{{0,80}}?\b{_SPOKEN}\b|\b{_SPOKEN}\b.{{0,60}}?\b{_PROVIDERS}\b", re.IGNORECASE
)
_BY_OTHERS = re.compile(rf"\b{_OTHERS}\b.{{0,60}}?\b{_SPOKEN}\b|\b{_SPOKEN}\b.{{0,40}}?\b{_OTHERS}\b", re.IGNORECASE)
_BY_SAME = re.compile(rf"\b(?:s?he|they|it)\b(?:\W+\w+)?\W+{_SPOKEN}\b|\b{_SPOKEN}\W+(?:s?he|they)\b", re.IGNORECASE)
_OWN_VOICE = re.compile(r"\b(?:we|our|us|i|my)\b(?![’']s report)", re.IGNORECASE)
_OPENING = re.compile(r"[“«]|(?<![\w.,!?])[\"‘](?=\w)|(?<!\S)[\"'](?=\w)")
_CLOSING = re.compile(r"[”»]|(?<=[\w.,!?…])\"(?!\w)|(?<=[.,!?…])[’'](?!\w)")
_INSPECTORS_DOCUMENT = re.compile(
    r"\b(?:his|her) majesty[’']s inspectors?\b|\bthis (?:letter|report) (?:summarises|sets out|outlines|contains)|\byours sincerely\b.{0,200}\b(?:inspector|ofsted|hmi)\b|\blead inspector\s*:|\b(?:inspection dates?|inspected under)\b"
    r"|\bthe registered person (?:must|should)\b|\bsocial care common inspection framework\b|\bwhat is it like to be a child or young person with\b",
    re.IGNORECASE | re.DOTALL,
)
_NEWS = re.compile(
    r"\b(?:inspectors|ofsted|the report|the letter) (?:has |have |also )?(?:said|say|says|added|adds|told|praised|warned)\b|[”\"],? (?:said|added)\b|\bspokes(?:person|man|woman)\b",
    re.IGNORECASE,
)


def by_inspectors(text: str) -> bool:
    """Whether a whole document is inspectors' own (a letter or report) and not news about one."""
    return bool(_INSPECTORS_DOCUMENT.search(text)) and len(_NEWS.findall(text, 0, 200_000)) < 3


def speakers(texts: Sequence[str], kinds: Sequence[str], own_document: bool) -> list[Speaker]:
    """The speaker of each sentence of an article, in reading order; `kinds` are their blocks' kinds."""
    if own_document:
        return ["inspector"] * len(texts)
    found: list[Speaker] = []
    quoted: Speaker | None = None  # who is speaking in the quotation that is open
    last: Speaker = "narrator"  # who spoke last, for "she added"
    for number, (text, kind) in enumerate(zip(texts, kinds, strict=True)):
        if kind in ("furniture", "caption"):
            found.append("narrator")
            continue
        named = _named(text, last)
        opens, closes = bool(_OPENING.search(text)), bool(_CLOSING.search(text))
        if named is None and opens and quoted is None:
            named = _named(texts[number + 1], last) if not closes and number + 1 < len(texts) else None
            if named is None and (kind == "quote" or _starts_quoted(text)):
                named = "provider" if _OWN_VOICE.search(text) else last
        speaker = named or quoted or "narrator"
        found.append(speaker)
        if speaker != "narrator":
            last = speaker
        if opens and _open_at_end(text):
            quoted = speaker
        elif closes:
            quoted = None
    return found


def _starts_quoted(text: str) -> bool:
    return text.lstrip("-–•◼ ")[:1] in "“\"‘'«"


def _open_at_end(text: str) -> bool:
    return max(text.rfind("“"), text.rfind("«")) > max(text.rfind("”"), text.rfind("»")) or text.count('"') % 2 == 1


def _named(text: str, last: Speaker) -> Speaker | None:
    """Who a sentence says is speaking, or None where it names nobody."""
    provider = _BY_PROVIDER.search(text)
    other = _BY_OTHERS.search(text)
    inspectors = _BY_INSPECTORS.search(text)
    if inspectors and not ((provider or other) and _OWN_VOICE.search(text)):
        return "inspector"
    if provider:
        return "provider"
    if other:
        return "other"
    if last != "narrator" and _BY_SAME.search(text):
        return last
    return None

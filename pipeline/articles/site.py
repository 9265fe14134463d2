"""Site text: what a web page puts around an article, and the captions of its pictures."""

from __future__ import annotations

import re

from pipeline.articles.phrases import any_of

_LONGEST_CAPTION = 300

# Headings of lists of links

_RELATED = ("related (?:topics?|stor(?:y|ies)|articles?|content|news|jobs|posts?|pages?|reading|(?:internet )?links?)",)
_MORE = (
    "more on this(?: story)?",
    "more (?:stories|news|like this)(?: from .{1,40})?",
    r"more from (?:us|our|this|the bbc|bbc)\b.{0,40}",
    "see also",
)
_BEST = ("(?:this week[’']s |today[’']s )?most (?:read|popular|viewed)", "top stories", "trending(?: now| stories)?")
_LATEST = (
    "latest (?:news|stories|jobs|headlines)",
    "also (?:on|in) (?:the |this )?(?:bbc|news|section|issue|site).{0,30}",
)
_CHOSEN = (
    "recommended (?:for you|reading|stories)",
    "editor[’']s picks",
    "you (?:may|might) also (?:like|be interested in)",
)
_LINK_LISTS = (*_RELATED, *_MORE, *_BEST, *_LATEST, *_CHOSEN, "topics?", "tags?")
# "Related topics", "More on this story:"
_LINK_LIST = re.compile(rf"{any_of(*_LINK_LISTS)}\s*:?$", re.IGNORECASE)

# Labels

_PICTURE_LABELS = ("image sources?.*", "getty(?: images)?", "pa media", "alamy", "reuters")
_COMMENT_LABELS = (r"(?:readers[’'] )?comments?(?:\s*\(\d+\)|\s*:\s*\d+)?", r"\d+ comments?")
_LEGAL_LABELS = ("cookies?", "cookie (?:policy|settings|notice)", "privacy(?: (?:policy|notice|statement))?")
_TERMS_LABELS = ("accessibility(?: statement)?", "terms (?:and|&) conditions", "terms of (?:use|service)")
_WAY_LABELS = (r"home\s*[>»/|›].*", "you are here.*", "breadcrumbs?", "menu", "search", r"page \d+ of.*")
_PAGE_LABELS = ("(?:next|previous) article.*", "about (?:us|cookies|this site)", r"contact (?:us|the press)\b.{0,60}")
_INLINE_LISTS = (rf"{any_of(*_LINK_LISTS)}\s*[:|].*", r"related\s*:.*", "also in .{1,30}:", "more from .{1,40}:.*")
_FILED = ("filed under.*", r"categor(?:y|ies)\s*:.*")
_ADVERTS = ("advert(?:isement)?s?", r"(?:sponsored|promoted)(?:(?: (?:content|posts?|stories)|\s*:).*)?")
_PRESS = (r"(?:press|media) (?:office|contact|enquiries)(?:\b.{0,60}|\s*:.*)", "press release")
_EDITORS = ("notes? (?:to|for) editors?:?", r"-*\s*ends\s*-*")
_PUBLISHER = ("published(?: by.*)?", "powered by.*", "website design.*", "last (?:reviewed|updated|modified).*")
_READING = ("(?:estimated )?reading time.*", r"\d+\s*min(?:ute)?s? read", "watch(?: live|:).*", "tel:.*")
_MAIL = ("newsletters?(?: sign-?up)?", "e-?mail alerts?")
_LABELS = (
    *(*_PICTURE_LABELS, *_COMMENT_LABELS, *_LEGAL_LABELS, *_TERMS_LABELS, *_WAY_LABELS, *_PAGE_LABELS),
    *(*_INLINE_LISTS, *_FILED, *_ADVERTS, *_PRESS, *_EDITORS, *_PUBLISHER, *_READING, *_MAIL, *_LINK_LISTS),
)
# The whole line: nothing follows a label, or what does belongs to it.
_LABEL = re.compile(rf"{any_of(*_LABELS)}$", re.IGNORECASE)

# Calls to the reader

_JOINING = ("sign (?:up|in)(?: (?:to|for|here|now|today|and)|$)", "log ?in to", "register (?:now|here|to|for free)")
_PAYING = ("subscribe", "not (?:yet )?a subscriber", "local journalism matters", "we may earn (?:a )?commission")
_COMMENTING = ("leave a (?:comment|reply)", "join (?:the conversation|the discussion|us)", "have your say")
_ANSWERING = ("what do you (?:think|make of).{0,60}(?:comment|e-?mail|tell us|below|discuss)", "write to the editor")
_TELLING = (r"(?:got|have you got|do you have) a (?:\w+ )?story", "(?:view|show|read) (?:all )?comments")
_SHARING = (r"share(?: (?:this|article|page|story|via|on (?:facebook|twitter|x|whatsapp|linkedin))|\s*[:|]|$)",)
_FOLLOWING = ("follow (?:us|@|bbc)", "like us on", "print this", "e-?mail (?:this|a friend|alerts?)")
_ALERTS = ("get (?:alerts|updates|the latest|e-?mail)", "enable notifications", "download the app")
_READING_ON = ("read (?:more|next|also|the full|our)", r"(?:see also|related|more)\s*:", "(?:story|article) continues")
_FINDING = ("click here", "skip to", "back to (?:top|news|all)", r"download (?:this|the|our|a)\b.{0,60}$")
_MORE_INFORMATION = r"(?:for|find) (?:more|further) information(?:\s+(?:about|on)\b.{1,60}?)?[,:]?\s*"
_ASKING = (rf"{_MORE_INFORMATION}(?:please|contact|visit|call|e-?mail|see|go to|click|www|http|$)",)
_RATING = ("was this (?:page|article) (?:useful|helpful)", "rate this", "report a problem", "listen (?:live|now|again)")
_RIGHTS = ("all rights reserved", "copyright", r"\(c\) (?:crown|copyright|(?:19|20)\d\d)")
_DISCLAIMING = (
    "we use cookies",
    "this (?:site|website) uses",
    "accept (?:all|cookies)",
    "we are not responsible for the content",
)
_DATING = ("this (?:page|article|story) (?:was (?:last|first|originally)|contains affiliate)",)
_CALLS = (
    *(*_JOINING, *_PAYING, *_COMMENTING, *_ANSWERING, *_TELLING, *_SHARING, *_FOLLOWING, *_ALERTS),
    *(*_READING_ON, *_FINDING, *_ASKING, *_RATING, *_RIGHTS, *_DISCLAIMING, *_DATING),
)
# The beginning of a line, which may well be a sentence: "Sign up to our newsletter.", "© Crown copyright 2020"
_CALL = re.compile(rf"(?:{any_of(*_CALLS)}(?!\w)|©)", re.IGNORECASE)

# The paragraphs with which publishers close their reports

_PUBLISHING = (
    r"the office for standards in education, children[’']s services and skills \(ofsted\) regulates and inspects",
    "interested in our work",
    "to receive (?:regular )?e-?mail alerts about new publications",
)
_COPYING = (
    "(?:if you would like|for) a copy of this (?:document|publication|report) in a different format",
    "you may (?:copy all or parts of this (?:document|publication|report)|re-?use this (?:information|publication))",
    "to view this licence",
    "this (?:document|publication|report) is available at",
)
_IMPRINT = re.compile(rf"{any_of(*_PUBLISHING, *_COPYING)}\b", re.IGNORECASE)

# Bars of links

_SECTIONS = ("home", "news", "sport", "opinion", "business", "politics", "education", "lifestyle", "weather", "jobs")
_NOTICES = ("what[’']s on", "obituaries", "(?:public|family) notices", "events", "letters", "property", "motors")
_SERVICES = (
    "contact(?: us)?",
    "about(?: us)?",
    "search",
    "menu",
    "log ?in",
    "my account",
    "subscribe",
    "services",
    "more",
)
# "Home | News | Sport", "NEWS SPORT WHAT'S ON JOBS"
_BAR = re.compile(rf"(?:{any_of(*_SECTIONS, *_NOTICES, *_SERVICES)}\b\s*+[|>»›•·/,]?\s*+){{3,}}+$", re.IGNORECASE)

# Captions

_PICTURE = any_of("picture", "photo", "photograph", "image", "(?:file|stock) (?:photo|picture|image)")
# "Image caption, …", "Picture: …", "[Photo: …]", "Pictured, from left: …"
_CAPTION = re.compile(
    rf"[(\[]?(?:(?:image|photo|picture|media|video)\s+captions?\b|pictured\s*[:,|–]|(?:caption|credit)s?\s*[:|]"
    rf"|{_PICTURE}s?\s*(?:credits?\s*)?(?::|\||\bby\b))",
    re.IGNORECASE,
)
# "… (Picture: Jo Bell)", "… – photo courtesy of the council"
_CAPTION_END = re.compile(
    # As "(", "[" or a dash and any space, but begun with one class, which is looked for fast.
    r"[(\[–|-](?:(?<=[–|-])\s*)?(?:pic(?:ture)?|photo(?:graph)?|image|credit)s?(?:\s+credit)?\s*"
    r"(?::|\bby\b|\bfrom\b|\bcourtesy\b)[^()]{1,60}[)\]]?$",
    re.IGNORECASE,
)

# What was glued to a line

_GLUED_LABELS = ("(?:Image|Media|Video) (?:source|caption)s?", "Getty Images", "Comments?")
_GLUED_CALLS = ("Read more", "Sign up", "Share this", "Follow (?:us|BBC)", "Related (?:stories|topics|articles)")
# Some word of these is in every line that has something glued to it: to look for it first is fast.
_GLUED_WORD = re.compile("Image|Media|Video|Getty|Read|Sign|Share|Comment|Related|Follow|Pic|Photo|Credit")
_GLUED = re.compile(
    # "outside.Image source", "said.”Read more", "Getty ImagesImage caption": a space lost when a page was copied
    rf"(?:(?<=[a-z0-9)])|(?<=[.!?])|(?<=[.!?][\"”’']))(?={any_of(*_GLUED_LABELS, *_GLUED_CALLS)}\b)"
    # "… in May. Picture: Jo Bell": a credit after a sentence
    r"|(?:(?<=[.!?])|(?<=[.!?][\"”’']))\s+"
    r"(?=(?:Picture|Photo|Photograph|Image|Credit|Pic)s?\s*(?::|(?:credit|by)\s*:?\s)(?:[^.!?\]]|\b[A-Z]\.){1,60}$)"
)


def is_label(line: str) -> bool:
    """Whether a line is a label or bar of links of a page, provided that it doesn't end as a sentence."""
    return bool(_LABEL.match(line) or _BAR.match(line))


def is_call(line: str) -> bool:
    """Whether a line is the page speaking to its reader, sentence or not."""
    return bool(_CALL.match(line))


def is_imprint(paragraph: str) -> bool:
    """Whether a paragraph is the publisher's own, on itself and what may be done with the text."""
    return bool(_IMPRINT.match(paragraph))


def is_link_list(line: str) -> bool:
    """Whether a line heads a list of links to other pages."""
    return bool(_LINK_LIST.match(line))


def is_caption(line: str) -> bool:
    """Whether a line is a picture's caption or credit."""
    return len(line) <= _LONGEST_CAPTION and bool(_CAPTION.match(line) or _CAPTION_END.search(line))


def glued_words(source: str) -> list[int]:
    """Where words stand in a source that every line with something glued to it has."""
    return [match.start() for match in _GLUED_WORD.finditer(source)]


def glued(line: str) -> list[tuple[int, int]]:
    """Where a line is to be cut from site text or a picture credit after it: what lies between the two parts."""
    return [match.span() for match in _GLUED.finditer(line)]

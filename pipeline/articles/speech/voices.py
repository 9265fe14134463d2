"""Voices: the words that tell who speaks, sorted by what they tell.

Single words only, so that a sentence's words are looked up and not searched for; `attribution` reads how they stand
together.
"""

from __future__ import annotations

from typing import Literal

Speaker = Literal["inspector", "provider", "narrator", "other"]
Role = Literal[
    "inspectors", "document", "verdict", "officer", "body", "other", "witness", "worker", "speaking", "finding", "event"
]

_WORDS: dict[Role, str] = {
    # Who inspects
    "inspectors": """
        inspector inspectors inspectorate inspectorates watchdog watchdogs regulator regulators ofsted hmi hmip cqc ciw
        estyn team
    """,
    # What they write and do, which says and finds as they do
    "document": "report reports letter letters inspection inspections findings visit review",
    # What they give
    "verdict": "verdict judgement judgements judgment grade grades rating ratings",
    # People of the provider who speak for it
    "officer": """
        cllr cllrs coun councillor councillors leader director directors executive chief dcs officer headteacher head
        chair chairman chairwoman chairperson spokesman spokeswoman spokesperson member mayor holder
    """,
    # The provider as a body
    "body": "council councils authority authorities trust trusts partnership borough provider home agency",
    # Everyone else
    "other": """
        minister ministers secretary government mp mps department dfe opposition union unions unison gmb charity
        charities nspcc barnardo barnardos campaigner campaigners basw adcs lga association lawyer lawyers solicitor
        barrister judge coroner ombudsman professor academic commissioner mother mothers mum mums father fathers dad
        dads grandmother grandmothers grandfather grandparent resident residents expert experts neighbour neighbours
        foundation federation network institute office
        organiser convenor convener
    """,
    # Whom inspectors ask, and reporters too
    "witness": """
        child children pupil pupils teenager teenagers leaver leavers person people parent parents family families
        carer carers adopter adopters guardian guardians boy boys girl girls man woman police
    """,
    "worker": """
        staff worker workers practitioner practitioners teacher teachers adviser advisers manager managers leaders
        bosses
    """,
    # What people do with words
    "speaking": """
        said says say saying told tell tells added adds add explained explains commented comments continued continues
        insisted insists stressed stresses wrote writes responded replied warned warns warn admitted admits concluded
        concludes conclude pledged pledges promised promises apologised apologises thanked thanks vowed vows argued
        argues claimed claims stated states state confirmed confirms congratulated congratulates accused
        accuses
    """,
    # What inspectors and their reports do besides; persons do some of it
    "finding": """
        found find finds finding noted notes note saw see sees heard hear observed observes observe identified
        identifies identify recognised recognises recognise acknowledged acknowledges accepted accepts described
        describes describe judged judges judge rated rates rate graded praised praises praise commended commends
        commend welcomed welcomes welcome criticised criticises criticise recommended recommends recommend
        raised raises raise wanted want wants asked ask asks gave gives give revealed reveals reveal highlighted
        highlights highlight pointed points point called calls call urged urges urge reported lists listed
        refers referred refer expressed expresses express felt feel considered considers consider thought
        suggested suggests suggest showed shows show drew draws draw singled cites cited credits credited
        advised advises ordered instructed reads remarked remark makes sets goes went begins believe believes
        slammed slams slam blasted blasts blast hailed hails hail branded deemed detailed details paints liked
        encountered verified disclosed discloses discovered insist writing demands links noticed record records
        remarks mentions mentioned speaks spells reports uncovered saying noting praising commending criticising
        grading judging calling describing highlighting applauded applauds met
    """,
    # What happens to a place and in the course of an inspection, which is told by nobody but the article
    "event": """
        visited published launched launches due took carried arrived returned return returning looked looking focused
        examined spent contacted approached appointed resigned opened established created expected inspected happened
    """,
}


def words(text: str) -> frozenset[str]:
    """The words of a list written as a text."""
    return frozenset(text.split())


ROLES: dict[str, Role] = {}
for _role, _words in _WORDS.items():
    ROLES |= {_word: _role for _word in _words.split() if _word not in ROLES}
# "Mum-of-three Jo Bell"
ROLES |= {
    f"{_parent}-of-{_count}": "other"
    for _parent in ("mum", "mother", "dad", "father", "grandmother", "parent")
    for _count in ("one", "two", "three", "four", "five", "six")
}

PRONOUNS = frozenset(("he", "she", "they", "it"))
BEING = words("is are was were be been being")
HAVING = words("has have had also do does did")
# What may stand between a speaker and what they do.
FILLERS = words("also then later now previously since already today yesterday still both all has have had")
# What stands before a word that looks like a verb and isn't one.
NO_VERB_AFTER = words("a an the to no their his her its my your our of little")
# "In its letter, …", "for children": whoever comes after these isn't speaking.
PREPOSITIONS = words(
    "in following after at during since despite with from on as under for of by before about to into against"
)
# These also join a clause, in which someone may speak: "after inspectors found".
CONJUNCTIONS = words("after since as before with")
DETERMINERS = words("the a an its their his her our this that these those local")
BELONGING = frozenset(("of", "at", "for", "from", "with"))
TITLES = words("cllr cllrs coun councillor mr mrs ms miss mx dr sir dame lord lady baroness")
# Capitalised words that are no person's name.
NO_NAMES = words("""
    children's children council county city borough district trust services service ofsted education monday tuesday
    wednesday thursday friday saturday sunday january february march april may june july august september october
    november december the this that these those there then but and however meanwhile while when where what who in on at
    by for with as after department england wales local government national care i we you he she they it one some many
    most several another both none others all nothing something his her their its our my a an no not yes if so to from
    """)

# "was judged inadequate": by whom needn't be said.
JUDGED = words("judged rated graded praised commended criticised credited slammed hailed blasted branded")
# "were found to be", "is described as"
FOUND = words("found said considered deemed described noted")
AFTER_FOUND = frozenset(("to", "as", "by"))
# "The council has been told to"
BIDDEN = words("told urged instructed ordered asked advised recommended")
# "The report is frank"
FRANK = words("clear frank blunt critical damning scathing positive complimentary glowing full harsh warm")
# "praise from Ofsted"
PRAISE = words("praise criticism criticisms verdict warning warnings rating marks fire praised")
# What persons do with words besides speaking. Of a body most of it may be what inspectors found.
REACTING = words("""
    welcomed welcomes welcome praised praises hailed criticised criticises described describes called calls urged urges
    acknowledged acknowledges asked asks slammed blasted accepts accepted wants recognised paints reported
    """)
BODY_REACTING = words("welcomed welcomes hailed")
MONTHS = words("""
    January February March April May June July August September October November December
    """)
HISTORY = words("since previous previously last ago earlier originally")
"""What tells a judgement of another time than the one told about."""
OWN_VOICE = words("we our us i my ours")
# What the article tells of a place and of what follows, not of what was found there.
BACKGROUND = words("""
    population million residents election elections taxpayers newsletter government minister ministers dfe secretary
    commissioner correction workshop ungraded
    """)
CALLING = words("email read click contact ring call follow subscribe print visit see comment comments")
"""What a sentence begins with that asks something of the reader."""
COUNTING = words("has have had looks look cares employs serves runs takes")
QUANTITIES = words("one two three four five six seven eight nine ten some many most several all both each none few")
NUMBERS = words("two three four five six seven eight nine ten eleven twelve")
ABOUT = words("about around some nearly almost over after for more than just")

import pytest

from pipeline.articles.speech.attribution import named
from pipeline.articles.speech.clauses import Clause
from pipeline.articles.speech.identities import Memory, introduced
from pipeline.articles.speech.quotations import read, straight


def who(text, **memory):
    return named(Clause(read(straight(text)).outside), Memory(**memory))


@pytest.mark.parametrize(
    "text",
    [
        "Plans are weak, Ofsted says.",
        "The trust, inspectors found, had no plan.",
        "The council must do more, the letter says, and soon.",
        "A letter from Ofsted to the council notes that plans are weak.",
        "“Plans are weak,” states a letter from the regulator to the trust.",
        "Inspectors, who met parents and the director, found that plans were weak.",
        "The council was criticised by inspectors.",
        "The home closed after inspectors found that children were at risk.",
        "The council has been rated good by Ofsted.",
        "Leaders were found to be visible.",
        "The service was judged inadequate.",
        "The council has been told to hire more staff.",
        "The service won praise from the watchdog.",
        "“I feel safe,” one told the inspectors.",
        "Ofsted’s director for the region, Jo Bell, said that plans were weak.",
        "Three of the letters say that plans are weak.",
        "With Ofsted noting weak plans, the council has work to do.",
        "Ofsted: council must act",
        "The verdict: good.",
    ],
)
def test_inspectors(text):
    assert who(text) == "inspector"


@pytest.mark.parametrize(
    "text",
    [
        "Jo Bell, director of children’s services, said plans were late.",
        "“It is late,” said Jo Bell, who leads the council.",
        "Jo Bell, of the trust, said it was late.",
        "Following the report, Cllr Bell said it was fair.",
        "Cllr Jo Bell, who leads on children and families, said it was fair.",
        "The inspectors were fair, the director added.",
        "A report to the cabinet says that money is short.",
        "Aldbrook said that it would act.",
        "A spokesman for the council said so.",
        "Cllr Bell welcomed the report.",
        "Council bosses say they will act.",
        "The home said it was sorry.",
    ],
)
def test_the_provider(text):
    assert who(text) == "provider"


@pytest.mark.parametrize(
    "text",
    [
        "A spokeswoman for the Department for Education said so.",
        "The charity’s director said it was late.",
        "Al Frame, regional organiser for the union at the council, said it was late.",
        "“It is late,” said Al Frame, a father of two.",
        "Al Frame, 19, said it was late.",
        "Cllr Bell, who leads the opposition, said it was late.",
        "The Home Office said it would act.",
        "Mum-of-two Jo Bell said it was late.",
        "“It is late,” said one mother.",
    ],
)
def test_others(text):
    assert who(text) == "other"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Plans say little.",
        "The letter was published in May.",
        "The service was judged inadequate in 2013.",
        "The council was visited by inspectors last month.",
        "Inspectors visited the council in May.",
        "Children have a say in their plans.",
        "The council’s own policy says nothing.",
        "The council found homes for them.",
        "She said it was late.",
    ],
)
def test_nobody(text):
    assert who(text) is None


def test_pronouns_are_whoever_spoke_last():
    assert who("It also says that plans are weak.", last="inspector") == "inspector"
    assert who("They found weak plans.", last="inspector") == "inspector"
    assert who("They found weak plans.", last="provider") is None
    assert who("“It is late,” she added.", last="inspector", person="provider") == "provider"


def test_known_people_are_called_by_surname():
    people = dict(introduced(Clause("The trust's new director, Mary-Ann O'Dowd Bell, took over in May.")))
    assert people == {"bell": "provider"}
    assert who("“It is late,” Ms Bell said.", people=people) == "provider"
    assert who("“It is late,” added Bell.", people=people) == "provider"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Cllr Jo Bell, Cabinet Member for Families, spoke.", {"bell": "provider"}),
        ("Jo Bell is the director of children's services.", {"bell": "provider"}),
        ("Jo Bell, director of a charity, spoke.", {"bell": "other"}),
        ("Ofsted's director, Jo Bell, spoke.", {"bell": "inspector"}),
        ("Lead inspector Jo Bell spoke.", {"bell": "inspector"}),
        ("The director said that Jo Bell had left.", {}),
        ("The director knows the staff.", {}),
    ],
)
def test_people_are_introduced_by_name_and_office(text, expected):
    assert dict(introduced(Clause(text))) == expected


def test_those_whom_inspectors_ask_tell_what_inspectors_report():
    assert who("Parents said that they felt blamed.") == "other"
    assert who("Parents said that they felt blamed.", reporting=True) == "inspector"
    assert who("One mother said: “It is late.”", reporting=True) == "other"

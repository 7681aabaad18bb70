"""Names of authors: slips are no authors, collectives are one, and parts are where bibliographies want them."""

import pytest

from generator.core.names import Name, author_name, parse_name, read_authors, split_authors


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        (
            ["Made-Up Team", ":", "Ada Lovelace", "Alan M. Turing Jr."],
            ["Made-Up Team", "Ada Lovelace", "Alan M. Turing Jr."],
        ),
        ([r"Peter St\\\"utz", "Sunil Made\\"], ["Peter Stütz", "Sunil Made"]),
        (["and Ada Lovelace", "and", ";", "--"], ["Ada Lovelace"]),
        (["Ada Lovelace and Alan Turing"], ["Ada Lovelace", "Alan Turing"]),
        (["Charles Babbage", "II", "Alan Turing", "Jr"], ["Charles Babbage, II", "Alan Turing, Jr"]),
        (["The ABC Collaboration: Ada Lovelace"], ["The ABC Collaboration", "Ada Lovelace"]),
        (["Research and Development Team"], ["Research and Development Team"]),
        (["for the X team", "Huawei LLM Team:"], ["for the X team", "Huawei LLM Team"]),
        (["O'Neil, A.", "J. Smith.", "Mo' Foo)", "Chen (Ada)"], ["O'Neil, A.", "J. Smith.", "Mo' Foo", "Chen (Ada)"]),
        (["{Erd{\\H o}s}", "Espa~na", "Jean~Dupont"], ["Erdős", "España", "Jean Dupont"]),
        (["Wei Zhang$^{1,*}$", r"Ann Lee\textsuperscript{2}", "(MIT)"], ["Wei Zhang", "Ann Lee"]),
        (["Ada and", "Ada, and Bob", "OpenAI: Josh A"], ["Ada", "Ada", "Bob", "OpenAI", "Josh A"]),
        (["\u200b", ""], []),
        (["Ann Lee (MIT", "Bob Tan (ETH)", "Ming Li (李明)"], ["Ann Lee", "Bob Tan", "Ming Li (李明)"]),
        (["Ann Lee, Univ. of X", "Huawei, Inc.", "Ann Lee <ann@x.org>"], ["Ann Lee", "Huawei, Inc.", "Ann Lee"]),
        (
            ["Ann Lee [1]", "Bob Tan 1,2", "Cho Ha¹", "Dan Eng†", r"Eve Fox$^\dagger$"],
            ["Ann Lee", "Bob Tan", "Cho Ha", "Dan Eng", "Eve Fox"],
        ),
        (["Ann Lee et al.", "Bob Tan (ORCID: 0000-0001)"], ["Ann Lee", "et al.", "Bob Tan"]),
        (["Ann Lee for the XYZ Collaboration"], ["Ann Lee", "for the XYZ Collaboration"]),
        ([r"\textbf{Ann Lee}", r"{\relax Bob} Tan", r"$\alpha$ Team"], ["Ann Lee", "Bob Tan", "α Team"]),
        (["'t Hooft", "Andy And", "AND"], ["'t Hooft", "Andy And"]),
    ],
)
def test_names_are_read_as_they_are_meant(sent: list[str], read: list[str]) -> None:
    assert read_authors(sent) == read


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("A L (Dept of X, Univ Y), B T (Dept of Z, W College)), C H (Q State)", ["A L", "B T", "C H"]),
        ("A L ((Dept of X, Univ Y), B T (Dept of Z, W College), C H", ["A L", "B T", "C H"]),
        ("A L (Dept of X, Univ Y, B T (Dept of Z, W College), C H", ["A L", "B T", "C H"]),
        ("A L) , B T, C H", ["A L", "B T", "C H"]),
        ("A L (1,2), B T (2), C H ((1) MIT, (2) ETH", ["A L", "B T", "C H"]),
        ("A L; B T (Univ X; Y); C H", ["A L", "B T", "C H"]),
        (
            "Made-Up Inc, :, Ada L,  ABC Collaboration, Charles B, II",
            ["Made-Up Inc", ":", "Ada L", "ABC Collaboration", "Charles B, II"],
        ),
        (r"Jos\'e {van, der} Berg, Bob B, Jr.", [r"Jos\'e {van, der} Berg", "Bob B, Jr."]),
        ("A L (Inst. of X, Y}, B T, C H (Univ Z)", ["A L", "B T", "C H"]),
        ("A L (Inst. of X, Y], B T (Inst. of Z}, C H", ["A L", "B T", "C H"]),
        ("A L {Inst. of X, Y), B T, C H", ["A L", "B T", "C H"]),
        ("A L [Inst. of X, Y], B T [Univ Z, C H", ["A L", "B T", "C H"]),
        ("A L )(, B T (, C H", ["A L", "B T", "C H"]),
        ("A L (Inst. of X, Y) B T (Univ Z), C H", ["A L", "B T", "C H"]),
        ("A L (1), B T (2), C H (2), (1) X Univ, City, (2) Y", ["A L", "B T", "C H"]),
        ("A L (1), ((1) X Centre, Y Univ, Z)", ["A L"]),
        ("A L（清华大学，北京）, B T（ETH, C H", ["A L", "B T", "C H"]),
        ("{A L (MIT}, B T, C H", ["{A L MIT}", "B T", "C H"]),
    ],
)
def test_a_bracket_too_many_damages_one_author_at_most(line: str, names: list[str]) -> None:
    assert split_authors(line) == names


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Alan M. Turing Jr.", Name("Turing", "Alan M.", suffix="Jr.")),
        ("Martin King, Jr.", Name("King", "Martin", suffix="Jr.")),
        ("Anton van den Hengel", Name("Hengel", "Anton", "van den")),
        ("Guy Van den Broeck", Name("Broeck", "Guy", "Van den")),
        ("Blaise Agüera y Arcas", Name("Agüera y Arcas", "Blaise")),
        ("de la Cruz", Name("Cruz", "", "de la")),
        ("OpenAI", Name("OpenAI")),
        ("Kannan V", Name("V", "Kannan")),
        ("Xim Cerda-Company", Name("Cerda-Company", "Xim")),
        ("Smith, John", Name("Smith", "John")),
        ("van Gogh, Vincent", Name("Gogh", "Vincent", "van")),
        ("Lee, Jr., Ann", Name("Lee", "Ann", suffix="Jr.")),
        ("Lee III, Ann", Name("Lee", "Ann", suffix="III")),
        ("李明 (Ming Li)", Name("李明 (Ming Li)")),
        ("Google DeepMind", Name("Google DeepMind", collective=True)),
        ("Meta AI", Name("Meta AI", collective=True)),
        ("Kling Team", Name("Kling Team", collective=True)),
        ("for the Belle Collaboration", Name("for the Belle Collaboration", collective=True)),
        ("Huawei, Inc.", Name("Huawei, Inc.", collective=True)),
    ],
)
def test_parts_of_a_name(name: str, parts: Name) -> None:
    assert parse_name(name) == parts


def test_a_long_name_is_cut() -> None:
    assert len(author_name("x" * 9999)) == 200

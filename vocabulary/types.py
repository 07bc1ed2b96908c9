"""The types of questions, and what follows from each."""

from dataclasses import dataclass
from enum import StrEnum

from vocabulary.lists import MunicipalityRule, QuestionRole


class QuestionType(StrEnum):
    """How a question is answered."""

    SINGLE = "single"
    MULTIPLE = "multiple"
    MATRIX = "matrix"
    MATRIX_ROW = "matrix_row"
    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"


@dataclass(frozen=True)
class Traits:
    """What follows from a question's type; the warehouse has them as columns of its questions.

    `is_closed`: answered by choosing options (a matrix in its rows). `takes_several`: several of
    them. `has_rows`: a matrix. `is_open`: answered in one's own words;
    `is_number`: by a number. `is_declared`: the
    codebook may write the type; `roles`: what such a question may tell of the respondent.
    """

    is_closed: bool = False
    is_open: bool = False
    is_number: bool = False
    takes_several: bool = False
    has_rows: bool = False
    is_declared: bool = True
    municipality_rules: tuple[MunicipalityRule, ...] = ()
    roles: tuple[QuestionRole, ...] = ()


# Those of the traits that the warehouse has as columns.
FLAGS = ("is_closed", "is_open", "is_number", "takes_several", "has_rows")
_ONE_ANSWER = (MunicipalityRule.MOST_COMPLETE, MunicipalityRule.FIRST_LISTED)
_OF_NUMBERS = (MunicipalityRule.MEAN, MunicipalityRule.SUM)
TRAITS = {
    QuestionType.SINGLE: Traits(
        is_closed=True, municipality_rules=_ONE_ANSWER, roles=(QuestionRole.FUNCTION,)
    ),
    QuestionType.MULTIPLE: Traits(
        is_closed=True, takes_several=True, municipality_rules=(MunicipalityRule.ANY,)
    ),
    QuestionType.MATRIX: Traits(is_closed=True, has_rows=True, municipality_rules=_ONE_ANSWER),
    QuestionType.MATRIX_ROW: Traits(
        is_closed=True, is_declared=False, municipality_rules=_ONE_ANSWER
    ),
    QuestionType.TEXT: Traits(
        is_open=True, roles=(QuestionRole.MUNICIPALITY, QuestionRole.POSTAL_CODE)
    ),
    QuestionType.INTEGER: Traits(
        is_number=True, municipality_rules=_OF_NUMBERS, roles=(QuestionRole.POSTAL_CODE,)
    ),
    QuestionType.NUMBER: Traits(is_number=True, municipality_rules=_OF_NUMBERS),
}
DECLARED_TYPES = tuple(type_ for type_, traits in TRAITS.items() if traits.is_declared)

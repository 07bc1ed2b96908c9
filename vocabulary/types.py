"""The types of questions, and what follows from each."""

from dataclasses import dataclass
from enum import StrEnum

from vocabulary.lists import MunicipalityRule, QuestionRole


class QuestionType(StrEnum):
    """How a question is answered."""

    SINGLE = "single"
    MULTIPLE = "multiple"
    MATRIX = "matrix"
    CHECKBOX_GRID = "checkbox_grid"
    RANK = "rank"
    CONSTANT_SUM = "constant_sum"
    NUMBERS = "numbers"
    MATRIX_ROW = "matrix_row"
    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    DATE = "date"


@dataclass(frozen=True)
class Traits:
    """What follows from a question's type; the warehouse has them as columns of its questions.

    `is_closed`: answered by choosing options. `takes_several`: several of them. `is_open`: answered
    in one's own words; `is_number`: by a number, `is_whole`: without decimals; `is_date`: by a day.
    `has_rows`: a matrix, answered in each of its rows. `is_declared`: the codebook may write the
    type; `roles`: what such a question may tell of the respondent.
    """

    is_closed: bool = False
    is_open: bool = False
    is_number: bool = False
    is_whole: bool = False
    is_date: bool = False
    takes_several: bool = False
    has_rows: bool = False
    is_declared: bool = True
    municipality_rules: tuple[MunicipalityRule, ...] = ()
    roles: tuple[QuestionRole, ...] = ()


# Those of the traits that the warehouse has as columns.
FLAGS = (
    *("is_closed", "is_open", "is_number", "is_whole", "is_date", "takes_several", "has_rows"),
)
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
    QuestionType.CHECKBOX_GRID: Traits(
        is_closed=True,
        takes_several=True,
        has_rows=True,
        municipality_rules=(MunicipalityRule.ANY,),
    ),
    QuestionType.RANK: Traits(
        is_number=True,
        is_whole=True,
        has_rows=True,
        municipality_rules=(MunicipalityRule.MEAN,),
    ),
    QuestionType.CONSTANT_SUM: Traits(
        is_number=True, has_rows=True, municipality_rules=(MunicipalityRule.MEAN,)
    ),
    QuestionType.NUMBERS: Traits(is_number=True, has_rows=True, municipality_rules=_OF_NUMBERS),
    QuestionType.MATRIX_ROW: Traits(
        is_closed=True, is_declared=False, municipality_rules=_ONE_ANSWER
    ),
    QuestionType.TEXT: Traits(
        is_open=True, roles=(QuestionRole.MUNICIPALITY, QuestionRole.POSTAL_CODE)
    ),
    QuestionType.INTEGER: Traits(
        is_number=True,
        is_whole=True,
        municipality_rules=_OF_NUMBERS,
        roles=(QuestionRole.POSTAL_CODE,),
    ),
    QuestionType.NUMBER: Traits(is_number=True, municipality_rules=_OF_NUMBERS),
    QuestionType.DATE: Traits(is_date=True),
}
DECLARED_TYPES = tuple(type_ for type_, traits in TRAITS.items() if traits.is_declared)

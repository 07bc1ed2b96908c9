"""A questionnaire read by the reader of the tool that its name tells."""

from pathlib import Path

from ingest.authoring.questionnaires.form import Questionnaire, UnreadableError
from ingest.shared.problems import InputError, Problem


def read_questionnaire(path: Path) -> Questionnaire:
    """Return what a questionnaire asks: an XLSForm workbook, a .qsf, .lss, .txt or .csv file.

    Raises InputError where it is none of them, or cannot be read.
    """
    # Each reader has a library of its own, and one of them is needed.
    try:
        match path.suffix.lower():
            case ".csv":
                from ingest.authoring.questionnaires.pasted import read_pasted

                return read_pasted(path)
            case ".xlsx" | ".xls" | ".md":
                from ingest.authoring.questionnaires.xlsform import read_xlsform

                return read_xlsform(path)
            case ".qsf":
                from ingest.authoring.questionnaires.qualtrics import read_qualtrics

                return read_qualtrics(path)
            case ".lss" | ".txt":
                from ingest.authoring.questionnaires.limesurvey import read_limesurvey

                return read_limesurvey(path)
        raise UnreadableError(f"No questionnaire is read from {path.suffix!r}.")
    except UnreadableError as error:
        action = (
            "Give an XLSForm (.xlsx), a survey of Qualtrics (.qsf) or LimeSurvey (.lss, .txt), or a"
            " .csv with the columns number, text, options, type and rows."
        )
        raise InputError([Problem(f"questionnaire: {path.name}", str(error), action)]) from error

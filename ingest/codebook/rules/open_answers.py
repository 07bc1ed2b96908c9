"""Rules of open answers and their codes."""

from ingest.codebook.rules.rule import Rule

RULES = (
    Rule(
        "open_codes_are_of_open_texts",
        "open_codes",
        "{seen} is nothing that people write in their own words.",
        "Name an open question, or the option beside which a text can be written.",
        """
        select open_codes._row, concat_ws('.', open_codes.question_key, open_codes.option_code)
        from codebook.open_codes
        inner join codebook.questions using (question_key)
        where (open_codes.option_code is null and not is_open)
            or (
                open_codes.option_code is not null and not exists (
                    select 1 from codebook.export_columns
                    where role in ('other_text', 'other_choice')
                        and export_columns.question_key = open_codes.question_key
                        and export_columns.option_code = open_codes.option_code
                )
            )
        """,
    ),
    Rule(
        "coded_answers_have_their_code",
        "coded_answers",
        "{seen} is no code for that answer.",
        "Add it to open_codes.csv, or mend it here.",
        """
        select _row, concat_ws('.', question_key, option_code) || ': ' || code
        from codebook.coded_answers
        where not exists (
            select 1 from codebook.open_codes
            where open_codes.question_key = coded_answers.question_key
                and open_codes.option_code is not distinct from coded_answers.option_code
                and open_codes.code = coded_answers.code
        )
        """,
    ),
)

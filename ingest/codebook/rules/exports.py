"""Rules of the columns of exports."""

from ingest.codebook.rules.rule import Rule

RULES = (
    Rule(
        "columns_name_what_their_role_needs",
        "export_columns",
        "{seen} does not say what its role needs.",
        "A question names question_key (and item_code for a matrix row); an option of a multiple"
        " choice and an 'other, namely' text name question_key and option_code (and item_code in a"
        " checkbox_grid); a ranking names the rank; metadata and ignored columns name none.",
        """
        select export_columns._row, header || ' (' || role_of_column || ')'
        from (select *, role as role_of_column from codebook.export_columns) as export_columns
        left join codebook.questions using (question_key)
        where case
            when role_of_column = 'question' then
                export_columns.question_key is null or export_columns.option_code is not null
                or takes_several or has_rows <> (export_columns.item_code is not null)
            when role_of_column in ('option', 'other_choice', 'absent') then
                export_columns.option_code is null or not takes_several
                or has_rows <> (export_columns.item_code is not null)
            when role_of_column = 'options' then
                export_columns.question_key is null or not takes_several
                or has_rows <> (export_columns.item_code is not null)
            when role_of_column = 'ranking' then
                type is distinct from 'rank' or export_columns.item_code is not null
                or export_columns.option_code is not null
            when role_of_column = 'other_text' then export_columns.option_code is null
            else export_columns.question_key is not null
        end
        """,
    ),
    Rule(
        "ignored_columns_have_a_reason",
        "export_columns",
        "{seen} is ignored without a reason.",
        "Say in the column reason why nothing is done with it.",
        """
        select _row, header from codebook.export_columns where role = 'ignored' and reason is null
        """,
    ),
    Rule(
        "columns_differ_in_what_they_hold",
        "export_columns",
        "{seen} is mapped to what another column is mapped to.",
        "Map one of the two to something else, or ignore it with a reason; where both ask the"
        " same, write in same_as of one of them the header of the other.",
        """
        select _row, header from codebook.export_columns
        where role <> 'ignored' and same_as is null
        qualify count(*) over (
            partition by edition_key, role, question_key, item_code, option_code
        ) > 1
        """,
    ),
    Rule(
        "absent_options_have_no_column",
        "export_columns",
        "{seen} is said to be absent, and another row says where its column is.",
        "Take one of the two rows out.",
        """
        select here._row, here.header from codebook.export_columns as here
        where role = 'absent' and exists (
            select 1 from codebook.export_columns as there
            where there.edition_key = here.edition_key
                and there.question_key = here.question_key and there.role <> 'other_text'
                and there.role <> 'absent'
                and there.item_code is not distinct from here.item_code
                and (there.role = 'options' or there.option_code = here.option_code)
        )
        """,
    ),
    Rule(
        "columns_are_the_same_as_one_that_is_alike",
        "export_columns",
        "{seen} is no column that holds what this one holds, or is itself the same as another.",
        "Write in same_as the header of the first column of the same question, item and option,"
        " which has none itself.",
        """
        select here._row, here.same_as from codebook.export_columns as here
        where same_as is not null and not exists (
            select 1 from codebook.export_columns as there
            where there.edition_key = here.edition_key and there.header = here.same_as
                and there.same_as is null
                and (there.role, there.question_key, there.item_code, there.option_code,
                    there.privacy)
                is not distinct from
                    (here.role, here.question_key, here.item_code, here.option_code, here.privacy)
        )
        """,
    ),
    Rule(
        "what_people_wrote_is_not_public",
        "export_columns",
        "{seen} can hold what people wrote or who they are, and is marked public.",
        "Write privacy = open, personal or drop.",
        """
        select export_columns._row, header
        from codebook.export_columns
        left join codebook.questions using (question_key)
        where privacy = 'public' and (
            export_columns.role in ('email', 'other_text', 'other_choice')
            or (export_columns.role = 'options' and export_columns.option_code is not null)
            or (is_open and questions.role is distinct from 'municipality')
        )
        """,
    ),
    Rule(
        "what_is_modelled_is_public",
        "export_columns",
        "{seen} is needed to model the answers, and would not be in the warehouse.",
        "Write privacy = public.",
        """
        select export_columns._row, header
        from codebook.export_columns
        left join codebook.questions using (question_key)
        where privacy <> 'public' and (
            is_closed and export_columns.role not in ('other_text', 'other_choice')
            and not (export_columns.role = 'options' and export_columns.option_code is not null)
            or questions.role in ('municipality', 'postal_code')
            or export_columns.role in (
                'is_complete', 'started_at', 'completed_at', 'duration_seconds', 'channel'
            )
        )
        """,
    ),
    Rule(
        "questions_have_columns",
        "question_editions",
        "{seen} has no column in the export.",
        "Map its header in export_columns.csv.",
        """
        select question_editions._row, question_key || ' in ' || edition_key
        from codebook.question_editions
        inner join codebook.questions using (question_key)
        where not (has_rows or takes_several) and not exists (
            select 1 from codebook.export_columns
            where export_columns.role = 'question'
                and export_columns.edition_key = question_editions.edition_key
                and export_columns.question_key = question_editions.question_key
        )
        """,
        is_of_export=True,
    ),
    Rule(
        "rows_have_columns",
        "item_editions",
        "{seen} has no column in the export.",
        "Map its header in export_columns.csv.",
        """
        select _row, question_key || '.' || item_code || ' in ' || edition_key
        from codebook.item_editions
        where not exists (
            select 1 from codebook.export_columns
            where export_columns.edition_key = item_editions.edition_key
                and export_columns.question_key = item_editions.question_key
                and (
                    export_columns.role = 'ranking'
                    or export_columns.role in ('question', 'option', 'options', 'other_choice')
                    and export_columns.item_code = item_editions.item_code
                )
        )
        """,
        is_of_export=True,
    ),
    Rule(
        "options_have_columns",
        "option_editions",
        "{seen} has no column in the export.",
        "Map its header in export_columns.csv, with the role other_choice where only a text"
        " chooses it, or absent where the tool leaves out what nobody chose.",
        """
        select distinct
            option_editions._row,
            concat_ws('.', question_key, item_code, option_code) || ' in ' || edition_key
        from codebook.option_editions
        inner join codebook.questions using (question_key)
        left join codebook.item_editions using (edition_key, question_key)
        where takes_several and not exists (
            select 1 from codebook.export_columns
            where export_columns.edition_key = option_editions.edition_key
                and export_columns.question_key = option_editions.question_key
                and export_columns.item_code is not distinct from item_editions.item_code
                and (
                    export_columns.role = 'options'
                    or export_columns.role in ('option', 'other_choice', 'absent')
                    and export_columns.option_code = option_editions.option_code
                )
        )
        """,
        is_of_export=True,
    ),
)

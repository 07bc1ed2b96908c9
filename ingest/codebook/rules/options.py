"""Rules of options, and of what becomes of them."""

from ingest.codebook.rules.rule import Rule

RULES = (
    Rule(
        "options_belong_to_closed_questions",
        "options",
        "{seen} belongs to a question that is neither closed nor a number.",
        "Remove the option, or mend the type in questions.csv.",
        """
        select options._row, question_key || '.' || option_code from codebook.options
        inner join codebook.questions using (question_key)
        where not is_closed and (not is_number or role is not null)
        """,
    ),
    Rule(
        "bands_divide_numbers",
        "options",
        "{seen} does not divide a number.",
        "Options of a number are its bands: in order, each from at_least on and the first from"
        " anywhere, without a score, is_missing or is_exclusive. Other options have no at_least.",
        """
        select options._row, question_key || '.' || option_code from codebook.options
        inner join codebook.questions using (question_key)
        window bands as (partition by question_key order by position)
        qualify case
            when not has_bands then at_least is not null
            else is_missing or is_exclusive or score is not null
                or (at_least is null) <> (row_number() over bands = 1)
                or coalesce(at_least <= lag(at_least) over bands, false)
        end
        """,
    ),
    Rule(
        "bands_stand_in_every_edition",
        "options",
        "Band {seen} is missing, where its number is asked.",
        "Add it to option_editions.csv: all editions are divided alike.",
        """
        select options._row, question_key || '.' || option_code || ' in ' || edition_key
        from codebook.options
        inner join codebook.questions using (question_key)
        inner join codebook.question_editions using (question_key)
        anti join codebook.option_editions using (edition_key, question_key, option_code)
        where has_bands
        """,
    ),
    Rule(
        "bands_are_not_spelled",
        "option_spellings",
        "{seen} stands for a band, which its number has by itself.",
        "Remove the row; a text that means no answer has no option_code.",
        """
        select option_spellings._row, question_key || '.' || option_code || ': ' || spelling
        from codebook.option_spellings
        inner join codebook.questions using (question_key)
        where has_bands and option_code is not null
        """,
    ),
    Rule(
        "exclusive_options_are_of_several",
        "options",
        "{seen} is exclusive, but only options of a multiple choice can be.",
        "Write is_exclusive = no, or mend the type in questions.csv.",
        """
        select options._row, question_key || '.' || option_code from codebook.options
        inner join codebook.questions using (question_key)
        where is_exclusive and not takes_several
        """,
    ),
    Rule(
        "scales_have_all_their_scores",
        "options",
        "{seen} has no score, and other options of its question have; or it cannot have one.",
        "Give every option of a single choice its score, but those with is_missing = yes; or none.",
        """
        select options._row, question_key || '.' || option_code from codebook.options
        inner join codebook.questions using (question_key)
        qualify bool_or(score is not null) over (partition by question_key)
            and (is_missing <> (score is null) or takes_several)
        """,
    ),
    Rule(
        "options_have_spellings",
        "option_editions",
        "{seen} has no accepted spelling.",
        "Add what the export writes for it to option_spellings.csv, with is_selected = yes.",
        """
        select option_editions._row, question_key || '.' || option_code || ' in ' || edition_key
        from codebook.option_editions
        inner join codebook.questions using (question_key)
        where not has_bands and not exists (
            select 1 from codebook.option_spellings
            where is_selected
                and option_spellings.edition_key = option_editions.edition_key
                and option_spellings.question_key = option_editions.question_key
                and option_spellings.option_code = option_editions.option_code
        ) and not exists (
            select 1 from codebook.export_columns
            where role in ('options', 'other_choice', 'absent')
                and export_columns.edition_key = option_editions.edition_key
                and export_columns.question_key = option_editions.question_key
                and export_columns.option_code = option_editions.option_code
        )
        """,
        is_of_export=True,
    ),
    Rule(
        "spellings_mean_one_option",
        "option_spellings",
        "{seen} also stands for another option of the same question.",
        "One spelling can mean one option only.",
        """
        select
            option_spellings._row,
            concat_ws('.', question_key, option_code) || ': ' || spelling
        from codebook.option_spellings
        inner join codebook.questions using (question_key)
        where option_code is null or not takes_several or is_selected and exists (
            select 1 from codebook.export_columns
            where export_columns.edition_key = option_spellings.edition_key
                and export_columns.question_key = option_spellings.question_key
                and role = 'options'
        )
        qualify count(distinct coalesce(option_code, '')) over (
            partition by edition_key, question_key, match_text
        ) > 1
        """,
    ),
    Rule(
        "no_answer_is_not_selected",
        "option_spellings",
        "{seen} stands for no option, and is selected.",
        "Name its option_code, or write is_selected = no: then the text means no answer.",
        """
        select _row, question_key || ': ' || spelling from codebook.option_spellings
        where option_code is null and is_selected
        """,
    ),
    Rule(
        "only_several_can_be_not_selected",
        "option_spellings",
        "{seen} stands for 'not selected', which only a multiple choice has.",
        "Write is_selected = yes, or remove the spelling.",
        """
        select option_spellings._row, question_key || '.' || option_code || ': ' || spelling
        from codebook.option_spellings
        inner join codebook.questions using (question_key)
        where not is_selected and not takes_several and option_code is not null
        """,
    ),
    Rule(
        "lineage_fits_labels",
        "option_editions",
        "{seen}",
        "Mend lineage, or give what is really another option a code of its own.",
        """
        with editions_of as (
            select *, question_key || '.' || option_code as option_key,
                lag(label) over earlier as previous_label,
                lag(edition_key) over earlier as previous_edition_key
            from codebook.option_editions
            window earlier as (partition by question_key, option_code order by edition_key)
        ),
        firsts as (
            select question_key, min(edition_key) as first_edition_key
            from codebook.question_editions group by all
        )
        select _row, case
            when lineage in ('new', 'split', 'merged') and previous_edition_key is not null
                then option_key || ' is ' || lineage || ' in ' || edition_key
                    || ', but its code stood for "' || previous_label || '" in '
                    || previous_edition_key || '.'
            when lineage in ('kept', 'renamed') and previous_edition_key is null
                then option_key || ' is ' || lineage || ' in ' || edition_key
                    || ', but no earlier edition has it.'
            when lineage = 'kept' and label <> previous_label
                then option_key || ' is kept in ' || edition_key || ', but its label changed from '
                    || previous_label || ' to ' || label || '.'
            when lineage = 'renamed' and label = previous_label
                then option_key || ' is renamed in ' || edition_key || ', but has the same label.'
        end
        from editions_of
        inner join firsts using (question_key)
        where case
            when lineage in ('new', 'split', 'merged') then previous_edition_key is not null
            when previous_edition_key is null then true
            when lineage = 'kept' then label <> previous_label
            else label = previous_label
        end
        """,
    ),
    Rule(
        "labels_stay_with_their_code",
        "option_editions",
        "{seen}",
        "Give what is the same option the same code, or write in option_lineage.csv that the one"
        " came from the other.",
        """
        select distinct here._row,
            here.question_key || '.' || here.option_code || ' is "' || here.label || '" in '
            || here.edition_key || ', which is ' || there.option_code || ' in '
            || there.edition_key || '.'
        from codebook.option_editions as here
        inner join codebook.option_editions as there
            on here.question_key = there.question_key
            and here.edition_key > there.edition_key
            and here.option_code <> there.option_code
            and lower(strip_accents(here.label)) = lower(strip_accents(there.label))
        where not exists (
            select 1 from codebook.option_lineage
            where option_lineage.question_key = here.question_key
                and option_lineage.option_code = here.option_code
                and option_lineage.from_option_code = there.option_code
        )
        """,
    ),
    Rule(
        "lineage_has_origins",
        "option_editions",
        "{seen} without the rows of option_lineage.csv that it needs.",
        "A split option comes from one, a merged option from two or more, another from none.",
        """
        select option_editions._row,
            question_key || '.' || option_code || ' is ' || lineage || ' in ' || edition_key
        from codebook.option_editions
        left join (
            select edition_key, question_key, option_code, count(*) as from_count
            from codebook.option_lineage group by all
        ) using (edition_key, question_key, option_code)
        where case lineage
            when 'split' then from_count is distinct from 1
            when 'merged' then coalesce(from_count, 0) < 2
            else from_count is not null
        end
        """,
    ),
    Rule(
        "origins_were_offered",
        "option_lineage",
        "{seen} was not offered by an earlier edition.",
        "Mend from_option_code.",
        """
        select _row, question_key || '.' || from_option_code from codebook.option_lineage
        where not exists (
            select 1 from codebook.option_editions
            where option_editions.question_key = option_lineage.question_key
                and option_editions.option_code = option_lineage.from_option_code
                and option_editions.edition_key < option_lineage.edition_key
        )
        """,
    ),
)

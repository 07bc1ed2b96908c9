"""What must hold between the rows of a codebook, beyond types, keys and references.

Each query returns the offending row's number in its file and what stands there.
"""

from dataclasses import dataclass

from ingest.codebook_tables import TABLES


@dataclass(frozen=True)
class Rule:
    """A query that finds the rows of `table` that break a rule, as (row, what was seen)."""

    table: str
    what: str
    action: str
    sql: str


RULES = (
    Rule(
        "editions",
        "Edition {seen} is a second baseline.",
        "Keep one row with is_baseline = yes.",
        """
        select _row, edition_key from codebook.editions where is_baseline
        qualify row_number() over (order by edition_key) > 1
        """,
    ),
    Rule(
        "editions",
        "Edition {seen} ends before it begins.",
        "Mend field_start_date or field_end_date.",
        "select _row, edition_key from codebook.editions where field_end_date < field_start_date",
    ),
    Rule(
        "editions",
        "Edition {seen} asks no question whose role is municipality.",
        "Give one question of questions.csv that role and add it to question_editions.csv.",
        """
        select editions._row, editions.edition_key from codebook.editions
        where not exists (
            select 1 from codebook.question_editions
            inner join codebook.questions using (question_key)
            where role = 'municipality' and question_editions.edition_key = editions.edition_key
        )
        """,
    ),
    Rule(
        "editions",
        "Edition {seen} has no column that tells who completed the questionnaire.",
        "Map one header in export_columns.csv to the role is_complete.",
        """
        select editions._row, editions.edition_key from codebook.editions
        where not exists (
            select 1 from codebook.export_columns
            where role = 'is_complete' and export_columns.edition_key = editions.edition_key
        )
        """,
    ),
    Rule(
        "editions",
        "Edition {seen} has no spelling for a completed questionnaire.",
        "Add the export's word for it to metadata_values.csv, with the value yes.",
        """
        select editions._row, editions.edition_key from codebook.editions
        where not exists (
            select 1 from codebook.metadata_values
            where role = 'is_complete' and value
                and metadata_values.edition_key = editions.edition_key
        )
        """,
    ),
    Rule(
        "questions",
        "Question {seen} is closed and has no options.",
        "Add them to options.csv, or make it text or integer.",
        """
        select _row, question_key from codebook.questions
        where type in ('single', 'multiple', 'matrix')
            and question_key not in (select question_key from codebook.options)
        """,
    ),
    Rule(
        "options",
        "{seen} belongs to a question that is not closed.",
        "Remove the option, or mend the type in questions.csv.",
        """
        select options._row, question_key || '.' || option_code from codebook.options
        inner join codebook.questions using (question_key)
        where type not in ('single', 'multiple', 'matrix')
        """,
    ),
    Rule(
        "options",
        "{seen} is exclusive, but only options of a multiple choice can be.",
        "Write is_exclusive = no, or mend the type in questions.csv.",
        """
        select options._row, question_key || '.' || option_code from codebook.options
        inner join codebook.questions using (question_key)
        where is_exclusive and type <> 'multiple'
        """,
    ),
    Rule(
        "questions",
        "Question {seen} is a matrix without rows.",
        "Add its rows to question_items.csv.",
        """
        select _row, question_key from codebook.questions
        where type = 'matrix'
            and question_key not in (select question_key from codebook.question_items)
        """,
    ),
    Rule(
        "question_items",
        "{seen} is a row of a question that is no matrix.",
        "Remove the row, or mend the type in questions.csv.",
        """
        select question_items._row, question_key || '.' || item_code from codebook.question_items
        inner join codebook.questions using (question_key)
        where type <> 'matrix'
        """,
    ),
    Rule(
        "question_items",
        "{seen} has a code that stands for any row in routing.",
        "Give the row another item_code.",
        """
        select _row, question_key || '.' || item_code from codebook.question_items
        where item_code in ('item', 'option')
        """,
    ),
    Rule(
        "questions",
        "{seen} does not fit its type.",
        "A multiple choice collapses by 'any', another closed question by 'most_complete' or"
        " 'first_listed', an open one by nothing.",
        """
        select
            _row,
            question_key || ' with municipality_rule ' || coalesce(municipality_rule, '(blank)')
        from codebook.questions
        where case
            when type = 'multiple' then municipality_rule is distinct from 'any'
            when type in ('single', 'matrix')
                then coalesce(municipality_rule, '') not in ('most_complete', 'first_listed')
            else municipality_rule is not null
        end
        """,
    ),
    Rule(
        "question_editions",
        "{seen} is closed and none of its options is asked in this edition.",
        "Add them to option_editions.csv.",
        """
        select question_editions._row, question_key || ' in ' || edition_key
        from codebook.question_editions
        inner join codebook.questions using (question_key)
        where type in ('single', 'multiple', 'matrix') and not exists (
            select 1 from codebook.option_editions
            where option_editions.edition_key = question_editions.edition_key
                and option_editions.question_key = question_editions.question_key
        )
        """,
    ),
    Rule(
        "question_editions",
        "{seen} is a matrix and none of its rows is asked in this edition.",
        "Add them to item_editions.csv.",
        """
        select question_editions._row, question_key || ' in ' || edition_key
        from codebook.question_editions
        inner join codebook.questions using (question_key)
        where type = 'matrix' and not exists (
            select 1 from codebook.item_editions
            where item_editions.edition_key = question_editions.edition_key
                and item_editions.question_key = question_editions.question_key
        )
        """,
    ),
    Rule(
        "question_editions",
        "{seen} has an item_relevant, but neither rows nor options of a multiple choice.",
        "Move the condition to relevant.",
        """
        select question_editions._row, question_key || ' in ' || edition_key
        from codebook.question_editions
        inner join codebook.questions using (question_key)
        where item_relevant is not null and type not in ('matrix', 'multiple')
        """,
    ),
    Rule(
        "option_editions",
        "{seen} has no accepted spelling.",
        "Add what the export writes for it to option_spellings.csv, with is_selected = yes.",
        """
        select _row, question_key || '.' || option_code || ' in ' || edition_key
        from codebook.option_editions
        where not exists (
            select 1 from codebook.option_spellings
            where is_selected
                and option_spellings.edition_key = option_editions.edition_key
                and option_spellings.question_key = option_editions.question_key
                and option_spellings.option_code = option_editions.option_code
        )
        """,
    ),
    Rule(
        "option_spellings",
        "{seen} also stands for another option of the same question.",
        "One spelling can mean one option only.",
        """
        select option_spellings._row, question_key || '.' || option_code || ': ' || spelling
        from codebook.option_spellings
        inner join codebook.questions using (question_key)
        where type <> 'multiple'
        qualify count(*) over (partition by edition_key, question_key, match_text) > 1
        """,
    ),
    Rule(
        "option_spellings",
        "{seen} stands for 'not selected', which only a multiple choice has.",
        "Write is_selected = yes, or remove the spelling.",
        """
        select option_spellings._row, question_key || '.' || option_code || ': ' || spelling
        from codebook.option_spellings
        inner join codebook.questions using (question_key)
        where not is_selected and type <> 'multiple'
        """,
    ),
    Rule(
        "export_columns",
        "{seen} does not say what its role needs.",
        "A question names question_key (and item_code for a matrix row); an option of a multiple"
        " choice and an 'other, namely' text name question_key and option_code; metadata and"
        " ignored columns name none.",
        """
        select export_columns._row, header || ' (' || role_of_column || ')'
        from (select *, role as role_of_column from codebook.export_columns) as export_columns
        left join codebook.questions using (question_key)
        where case
            when role_of_column = 'question' then
                export_columns.question_key is null or export_columns.option_code is not null
                or type = 'multiple' or (type = 'matrix') <> (export_columns.item_code is not null)
            when role_of_column = 'option' then
                export_columns.option_code is null or type <> 'multiple'
            when role_of_column = 'options' then
                export_columns.question_key is null or export_columns.item_code is not null
                or export_columns.option_code is not null or type <> 'multiple'
            when role_of_column = 'other_text' then export_columns.option_code is null
            else export_columns.question_key is not null
        end
        """,
    ),
    Rule(
        "export_columns",
        "{seen} is ignored without a reason.",
        "Say in the column reason why nothing is done with it.",
        """
        select _row, header from codebook.export_columns where role = 'ignored' and reason is null
        """,
    ),
    Rule(
        "export_columns",
        "{seen} is mapped to what another column is mapped to.",
        "Map one of the two to something else, or ignore it with a reason.",
        """
        select _row, header from codebook.export_columns where role <> 'ignored'
        qualify count(*) over (
            partition by edition_key, role, question_key, item_code, option_code
        ) > 1
        """,
    ),
    Rule(
        "export_columns",
        "{seen} can hold what people wrote or who they are, and is marked public.",
        "Write privacy = open, personal or drop.",
        """
        select export_columns._row, header
        from codebook.export_columns
        left join codebook.questions using (question_key)
        where privacy = 'public' and (
            export_columns.role in ('email', 'other_text')
            or (type = 'text' and questions.role is distinct from 'municipality')
        )
        """,
    ),
    Rule(
        "export_columns",
        "{seen} is needed to model the answers, and would not be in the warehouse.",
        "Write privacy = public.",
        """
        select export_columns._row, header
        from codebook.export_columns
        left join codebook.questions using (question_key)
        where privacy <> 'public' and (
            type in ('single', 'multiple', 'matrix') and export_columns.role <> 'other_text'
            or questions.role in ('municipality', 'postal_code')
            or export_columns.role in (
                'is_complete', 'started_at', 'completed_at', 'duration_seconds', 'channel'
            )
        )
        """,
    ),
    Rule(
        "question_editions",
        "{seen} has no column in the export.",
        "Map its header in export_columns.csv.",
        """
        select question_editions._row, question_key || ' in ' || edition_key
        from codebook.question_editions
        inner join codebook.questions using (question_key)
        where type not in ('matrix', 'multiple') and not exists (
            select 1 from codebook.export_columns
            where export_columns.role = 'question'
                and export_columns.edition_key = question_editions.edition_key
                and export_columns.question_key = question_editions.question_key
        )
        """,
    ),
    Rule(
        "item_editions",
        "{seen} has no column in the export.",
        "Map its header in export_columns.csv.",
        """
        select _row, question_key || '.' || item_code || ' in ' || edition_key
        from codebook.item_editions
        where not exists (
            select 1 from codebook.export_columns
            where export_columns.role = 'question'
                and export_columns.edition_key = item_editions.edition_key
                and export_columns.question_key = item_editions.question_key
                and export_columns.item_code = item_editions.item_code
        )
        """,
    ),
    Rule(
        "option_editions",
        "{seen} has no column in the export.",
        "Map its header in export_columns.csv.",
        """
        select option_editions._row, question_key || '.' || option_code || ' in ' || edition_key
        from codebook.option_editions
        inner join codebook.questions using (question_key)
        where type = 'multiple' and not exists (
            select 1 from codebook.export_columns
            where export_columns.edition_key = option_editions.edition_key
                and export_columns.question_key = option_editions.question_key
                and (
                    export_columns.role = 'options'
                    or export_columns.role = 'option'
                    and export_columns.option_code = option_editions.option_code
                )
        )
        """,
    ),
    Rule(
        "editions",
        "Edition {seen} has columns that join several options, and no option_delimiter.",
        "Write what stands between the options of one cell.",
        """
        select distinct editions._row, edition_key from codebook.editions
        inner join codebook.export_columns using (edition_key)
        where role = 'options' and option_delimiter is null
        """,
    ),
    Rule(
        "editions",
        "Edition {seen} has no header row.",
        "Write how many rows the header has: 1 or more.",
        "select _row, edition_key from codebook.editions where header_row_count < 1",
    ),
    Rule(
        "row_exclusions",
        "{seen} is not a role of any column of this edition.",
        "Map a header to it in export_columns.csv, or remove the rule.",
        """
        select _row, role from codebook.row_exclusions where role is not null and not exists (
            select 1 from codebook.export_columns
            where export_columns.edition_key = row_exclusions.edition_key
                and export_columns.role = row_exclusions.role
                and export_columns.privacy = 'public'
        )
        """,
    ),
    Rule(
        "row_exclusions",
        "A rule names {seen}.",
        "Fill in both role and value, or neither (for blank rows).",
        """
        select _row, coalesce(role, 'no role') || ' and ' || coalesce(value, 'no value')
        from codebook.row_exclusions where (role is null) <> (value is null)
        """,
    ),
    Rule(
        "known_findings",
        "{seen} is no question or matrix row of this edition.",
        "Mend question_key.",
        """
        select _row, question_key from codebook.known_findings
        where question_key is not null and not exists (
            select 1 from codebook.question_editions
            where question_editions.edition_key = known_findings.edition_key
                and question_editions.question_key = known_findings.question_key
        ) and not exists (
            select 1 from codebook.item_editions
            where item_editions.edition_key = known_findings.edition_key
                and question_key || '.' || item_code = known_findings.question_key
        )
        """,
    ),
    Rule(
        "comparability",
        "It compares edition {seen}.",
        "Name the earlier edition in from_edition_key.",
        """
        select _row, from_edition_key || ' with ' || to_edition_key from codebook.comparability
        where from_edition_key >= to_edition_key
        """,
    ),
    Rule(
        "municipalities",
        "{seen} overlaps another version of the same code or name.",
        "End the one where the other begins.",
        """
        select distinct here._row, here.nis_code || ' ' || here.name || ' from ' || here.valid_from
        from codebook.municipalities as here
        inner join codebook.municipalities as there
            on (here.nis_code = there.nis_code or here.match_text = there.match_text)
            and here._row <> there._row
            and here.valid_from < coalesce(there.valid_to, 'infinity')
            and there.valid_from < coalesce(here.valid_to, 'infinity')
        """,
    ),
    Rule(
        "municipalities",
        "{seen}: a version that ended has a successor valid from that day, another has none.",
        "Mend valid_to or successor_nis_code.",
        """
        select here._row, here.nis_code || ' ' || here.name from codebook.municipalities as here
        where (here.valid_to is null) <> (here.successor_nis_code is null)
            or here.valid_to is not null and not exists (
                select 1 from codebook.municipalities as there
                where there.nis_code = here.successor_nis_code
                    and there.valid_from <= here.valid_to
                    and here.valid_to < coalesce(there.valid_to, 'infinity')
            )
        """,
    ),
    Rule(
        "municipality_aliases",
        "{seen} is the name of another municipality.",
        "Remove the alias: a name resolves by itself.",
        """
        select municipality_aliases._row, alias from codebook.municipality_aliases
        inner join codebook.municipalities using (match_text)
        where municipality_aliases.nis_code <> municipalities.nis_code
        """,
    ),
    Rule(
        "municipalities",
        "{seen}.",
        "Add the number to populations.csv, or change the edition's frame_date.",
        """
        select municipalities._row,
            name || ' has no population for the frame date of edition ' || edition_key
        from codebook.municipalities
        inner join codebook.editions
            on valid_from <= frame_date and frame_date < coalesce(valid_to, 'infinity')
        left join codebook.populations
            on populations.nis_code = municipalities.nis_code and year = year(frame_date)
        where population is null
        """,
    ),
    Rule(
        "municipalities",
        "{seen}, an edition that is no rehearsal: the municipality or its population is one.",
        "Put the real municipality, and its real population, in its place.",
        """
        select distinct municipalities._row, name || ' in ' || edition_key
        from codebook.municipalities
        inner join codebook.editions
            on valid_from <= frame_date and frame_date < coalesce(valid_to, 'infinity')
        inner join codebook.populations
            on populations.nis_code = municipalities.nis_code and year = year(frame_date)
        where not is_synthetic and (municipalities.is_rehearsal or populations.is_rehearsal)
        """,
    ),
    Rule(
        "size_categories",
        "{seen} admits no population.",
        "Mend min_population and max_population: from the one, up to but not including the other.",
        """
        select _row, size_category from codebook.size_categories
        where min_population >= max_population
        """,
    ),
    Rule(
        "published_anomalies",
        "{seen} explains a cell without saying what the right figures are.",
        "Fill in computed_count and computed_base_count.",
        """
        select _row, question_key || '.' || option_code from codebook.published_anomalies
        where option_code is not null
            and (computed_count is null or computed_base_count is null)
        """,
    ),
    Rule(
        "questions",
        "{seen} cannot have that role.",
        "The role function goes with a single choice, municipality with text, postal_code with"
        " text or integer.",
        """
        select _row, question_key || ' (' || type || ', ' || role || ')' from codebook.questions
        where case role
            when 'function' then type <> 'single'
            when 'municipality' then type <> 'text'
            when 'postal_code' then type not in ('text', 'integer')
        end
        """,
    ),
    Rule(
        "published_anomalies",
        "{seen} explains a cell that another row explains too.",
        "Join the two explanations.",
        """
        select _row, question_key || '.' || option_code from codebook.published_anomalies
        where option_code is not null
        qualify count(*) over (partition by edition_key, question_key, option_code) > 1
        """,
    ),
    *(
        Rule(
            table,
            "{seen} is only proposed.",
            "Look at it, mend it, and write reviewed in the column review.",
            f"""
            select _row, 'Edition ' || edition_key || ': this row' from codebook.{table}
            where review = 'proposed'
            """,
        )
        for table, declared in TABLES.items()
        if "review" in declared.columns
    ),
    Rule(
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
    Rule(
        "open_codes",
        "{seen} is nothing that people write in their own words.",
        "Name an open question, or the option beside which a text can be written.",
        """
        select open_codes._row, concat_ws('.', open_codes.question_key, open_codes.option_code)
        from codebook.open_codes
        inner join codebook.questions using (question_key)
        where (open_codes.option_code is null and type <> 'text')
            or (
                open_codes.option_code is not null and not exists (
                    select 1 from codebook.export_columns
                    where role = 'other_text'
                        and export_columns.question_key = open_codes.question_key
                        and export_columns.option_code = open_codes.option_code
                )
            )
        """,
    ),
    Rule(
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
    Rule(
        "corrections",
        "{seen}: an e-mail address stands here, and would reach the warehouse.",
        "Leave it out; what names a person is mended in the export.",
        """
        select _row, respondent_key from codebook.corrections
        where concat_ws(' ', expected_value, new_value, reason) like '%@%'
        """,
    ),
    Rule(
        "texts",
        "{seen} of the two texts of the site stand here.",
        "Write a row title and a row introduction.",
        "select 2, count(*) from codebook.texts having count(*) <> 2",
    ),
    Rule(
        "release_rules",
        "{seen} rows say from how many municipalities on a figure may be published.",
        "Write one row min_municipality_count, with 1 or more.",
        """
        select 2, count(*) from codebook.release_rules
        where rule = 'min_municipality_count' and value > 0
        having count(*) <> 1
        """,
    ),
)

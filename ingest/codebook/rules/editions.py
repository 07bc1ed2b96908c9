"""Rules of editions, and of what is declared of each as a whole."""

from ingest.codebook.rules.rule import Rule
from vocabulary.lists import Contradiction, RepeatRule, quote
from vocabulary.texts import LANGUAGES

RULES = (
    Rule(
        "one_baseline",
        "editions",
        "Edition {seen} is a second baseline.",
        "Keep one row with is_baseline = yes.",
        """
        select _row, edition_key from codebook.editions where is_baseline
        qualify row_number() over (order by edition_key) > 1
        """,
    ),
    Rule(
        "fieldwork_ends_after_it_begins",
        "editions",
        "Edition {seen} ends before it begins.",
        "Mend field_start_date or field_end_date.",
        "select _row, edition_key from codebook.editions where field_end_date < field_start_date",
    ),
    Rule(
        "editions_ask_for_the_municipality",
        "editions",
        "Edition {seen} asks no question whose role is municipality.",
        "Give one question of questions.csv that role and add it to question_editions.csv; where"
        " respondents speak for themselves alone, leave municipalities.csv empty.",
        """
        select editions._row, editions.edition_key from codebook.editions
        where exists (select 1 from codebook.municipalities) and not exists (
            select 1 from codebook.question_editions
            inner join codebook.questions using (question_key)
            where role = 'municipality' and question_editions.edition_key = editions.edition_key
        )
        """,
    ),
    Rule(
        "frames_have_a_date",
        "editions",
        "Edition {seen} has no frame date.",
        "Write in frame_date on which day the municipalities are those of the frame.",
        """
        select _row, edition_key from codebook.editions
        where frame_date is null and exists (select 1 from codebook.municipalities)
        """,
        is_of_export=True,
    ),
    Rule(
        "editions_of_one_file_tell_their_rows",
        "editions",
        "{seen} is the export of another edition too, and no column tells their rows apart.",
        "Map a header of it to the role edition in export_columns.csv, in each of the editions, and"
        " say in metadata_values.csv which value is whose; or name the edition's own file.",
        """
        with files as (
            select edition_key, source_file, sheet, _row from codebook.editions
            union all by name
            select edition_key, source_file, sheet from codebook.edition_files
        )
        select distinct editions._row, editions.source_file from codebook.editions
        inner join files as here using (edition_key)
        inner join files as there
            on there.edition_key <> here.edition_key and there.source_file = here.source_file
            and coalesce(there.sheet = here.sheet, true)
        where not exists (
            select 1 from codebook.metadata_values
            inner join codebook.export_columns using (edition_key, role)
            where role = 'edition' and value
                and metadata_values.edition_key = here.edition_key
        )
        """,
    ),
    Rule(
        "files_are_named_once",
        "edition_files",
        "{seen} is the file of this edition already.",
        "Take the row out: edition_files.csv has the further files.",
        """
        select edition_files._row, edition_files.source_file from codebook.edition_files
        inner join codebook.editions using (edition_key, source_file)
        where coalesce(edition_files.sheet = editions.sheet, true)
        """,
    ),
    Rule(
        "rows_are_of_one_edition",
        "metadata_values",
        "{seen} tells the rows of another edition too, or not of this one.",
        "Name each value once, with value yes, at the edition whose rows have it.",
        """
        select _row, spelling from codebook.metadata_values where role = 'edition'
        qualify not value or count(*) over (partition by match_text) > 1
        """,
    ),
    Rule(
        "completion_has_a_column",
        "editions",
        "Edition {seen} has no column that tells who completed the questionnaire.",
        "Map one header in export_columns.csv to the role is_complete, or write complete_when:"
        " filled (where is_complete, else completed_at is), or always.",
        """
        select editions._row, editions.edition_key from codebook.editions
        where complete_when is distinct from 'always' and not exists (
            select 1 from codebook.export_columns
            where export_columns.edition_key = editions.edition_key
                and (role = 'is_complete' or role = 'completed_at' and complete_when = 'filled')
        )
        """,
        is_of_export=True,
    ),
    Rule(
        "completion_has_a_spelling",
        "editions",
        "Edition {seen} has no spelling for a completed questionnaire.",
        "Add the export's word for it to metadata_values.csv, with the value yes, or write"
        " complete_when.",
        """
        select editions._row, editions.edition_key from codebook.editions
        where complete_when is null and not exists (
            select 1 from codebook.metadata_values
            where role = 'is_complete' and value
                and metadata_values.edition_key = editions.edition_key
        )
        """,
        is_of_export=True,
    ),
    Rule(
        "channels_that_do_not_count_have_a_reason",
        "metadata_values",
        "{seen} does not count, and no reason is given.",
        "Move it to row_exclusions.csv, with the reason.",
        """
        select _row, spelling from codebook.metadata_values where role = 'channel' and not value
        """,
    ),
    Rule(
        "joined_columns_have_a_delimiter",
        "editions",
        "Edition {seen} has columns that join several options, and no option_delimiter.",
        "Write what stands between the options, or the rows of a ranking, in one cell.",
        """
        select distinct editions._row, edition_key from codebook.editions
        inner join codebook.export_columns using (edition_key)
        where role in ('options', 'ranking') and option_delimiter is null
        """,
        is_of_export=True,
    ),
    Rule(
        "headers_have_rows",
        "editions",
        "Edition {seen} has no header row.",
        "Write how many rows the header has: 1 or more.",
        "select _row, edition_key from codebook.editions where header_row_count < 1",
    ),
    Rule(
        "exclusions_name_columns",
        "row_exclusions",
        "{seen} is not a role of any column of this edition.",
        "Map a header to it in export_columns.csv, or remove the rule.",
        """
        select _row, role from codebook.row_exclusions
        where role is not null and role <> 'repeated' and not exists (
            select 1 from codebook.export_columns
            where export_columns.edition_key = row_exclusions.edition_key
                and export_columns.role = row_exclusions.role
                and export_columns.privacy = 'public'
        )
        """,
    ),
    Rule(
        "repeated_rows_have_a_rule",
        "row_exclusions",
        "{seen} does not say which row of a respondent counts.",
        f"Write one of: {', '.join(RepeatRule)}.",
        f"""
        select _row, value from codebook.row_exclusions
        where role = 'repeated' and value not in ({quote(RepeatRule)})
        """,
    ),
    Rule(
        "exclusions_are_whole",
        "row_exclusions",
        "A rule names {seen}.",
        "Fill in both role and value, or neither (for blank rows).",
        """
        select _row, coalesce(role, 'no role') || ' and ' || coalesce(value, 'no value')
        from codebook.row_exclusions where (role is null) <> (value is null)
        """,
    ),
    Rule(
        "comparisons_look_back",
        "comparability",
        "It compares edition {seen}.",
        "Name the earlier edition in from_edition_key.",
        """
        select _row, from_edition_key || ' with ' || to_edition_key from codebook.comparability
        where from_edition_key >= to_edition_key
        """,
    ),
    Rule(
        "what_was_seen_is_known",
        "comparability",
        "{seen} is nothing that can speak against a verdict.",
        f"Write what was seen, with spaces between: {', '.join(Contradiction)}.",
        f"""
        with words as (
            select _row, unnest(string_split(seen, ' ')) as word from codebook.comparability
        )
        select _row, word from words where word not in ({quote(Contradiction)})
        """,
    ),
    Rule(
        "corrections_name_nobody",
        "corrections",
        "{seen}: an e-mail address stands here, and would reach the warehouse.",
        "Leave it out; what names a person is mended in the export.",
        """
        select _row, respondent_key from codebook.corrections
        where concat_ws(' ', expected_value, new_value, reason) like '%@%'
        """,
    ),
    Rule(
        "site_has_its_texts",
        "texts",
        "{seen} of the two texts of the site stand here.",
        "Write a row title and a row introduction.",
        """
        select 2, count(*) from codebook.texts
        where text_key in ('title', 'introduction') having count(*) <> 2
        """,
    ),
    Rule(
        "site_speaks_a_language",
        "texts",
        "{seen} is no language that the site speaks.",
        f"Write one of: {', '.join(LANGUAGES)}.",
        f"""
        select _row, text from codebook.texts
        where text_key = 'language' and text not in ({quote(LANGUAGES)})
        """,
    ),
    Rule(
        "site_has_a_whole_address",
        "texts",
        "{seen} is no address of a site.",
        "Write it whole, as https://example.org/survey/.",
        r"""
        select _row, text from codebook.texts
        where text_key = 'address' and not regexp_full_match(text, 'https?://[^\s"<>]+/')
        """,
    ),
    Rule(
        "release_has_a_minimum",
        "release_rules",
        "{seen} rows say from how many municipalities on a figure may be published.",
        "Write one row min_municipality_count, with 1 or more.",
        """
        select 2, count(*) from codebook.release_rules
        where rule = 'min_municipality_count' and value > 0
        having count(*) <> 1
        """,
    ),
    Rule(
        "release_guards_answers",
        "release_rules",
        "guard_answers is {seen}.",
        "Write 1, or 0 where it may be told what one answered.",
        """
        select _row, value from codebook.release_rules
        where rule = 'guard_answers' and value not in (0, 1)
        """,
    ),
)

"""Rules of questions, their rows and their types."""

from ingest.codebook.rules.rule import Rule
from ingest.codebook.shape import ASKED_ROWS
from vocabulary.lists import quote
from vocabulary.types import TRAITS

# As SQL writes rows: the type, and what goes with it.
ALLOWED_RULES = ", ".join(
    f"({quote([type_, rule])})" if rule else f"('{type_}', null)"
    for type_, traits in TRAITS.items()
    for rule in ((None,) if traits.is_number else ()) + (traits.municipality_rules or (None,))
)
ALLOWED_ROLES = ", ".join(
    f"({quote([type_, role])})" for type_, traits in TRAITS.items() for role in traits.roles
)
RULES_IN_WORDS = "; ".join(
    f"{type_}: {' or '.join(traits.municipality_rules) or 'nothing'}"
    for type_, traits in TRAITS.items()
    if traits.is_declared
)
ROLES_IN_WORDS = "; ".join(
    f"{type_}: {' or '.join(traits.roles)}" for type_, traits in TRAITS.items() if traits.roles
)

ASKED = ASKED_ROWS.format("codebook.")
# What continues, or came of, what; by the same keys.
LINEAGE = """
    select
        _row, edition_key, lineage,
        question_key || coalesce('.' || item_code, '') as key,
        from_question_key || coalesce('.' || from_item_code, '') as from_key
    from codebook.question_lineage
"""

RULES = (
    Rule(
        "closed_questions_have_options",
        "questions",
        "Question {seen} is closed and has no options.",
        "Add them to options.csv, or make it text or a number.",
        """
        select _row, question_key from codebook.questions
        where is_closed
            and question_key not in (select question_key from codebook.options)
        """,
    ),
    Rule(
        "matrices_have_rows",
        "questions",
        "Question {seen} is a matrix without rows.",
        "Add its rows to question_items.csv.",
        """
        select _row, question_key from codebook.questions
        where has_rows
            and question_key not in (select question_key from codebook.question_items)
        """,
    ),
    Rule(
        "rows_belong_to_matrices",
        "question_items",
        "{seen} is a row of a question that is no matrix.",
        "Remove the row, or mend the type in questions.csv.",
        """
        select question_items._row, question_key || '.' || item_code from codebook.question_items
        inner join codebook.questions using (question_key)
        where not has_rows
        """,
    ),
    Rule(
        "row_codes_are_no_placeholders",
        "question_items",
        "{seen} has a code that stands for any row in routing.",
        "Give the row another item_code.",
        """
        select _row, question_key || '.' || item_code from codebook.question_items
        where item_code in ('item', 'option')
        """,
    ),
    Rule(
        "municipality_rules_fit_types",
        "questions",
        "{seen} does not fit its type.",
        f"Write what goes with it: {RULES_IN_WORDS}.",
        f"""
        with allowed (type, rule) as (values {ALLOWED_RULES})
        select
            _row,
            question_key || ' with municipality_rule ' || coalesce(municipality_rule, '(blank)')
        from codebook.questions
        where not exists (
            select 1 from allowed
            where allowed.type = questions.type
                and allowed.rule is not distinct from municipality_rule
        )
        """,
    ),
    Rule(
        "bands_have_a_municipality_rule",
        "questions",
        "{seen} has bands, and no rule by which colleagues give one number.",
        "Write its municipality_rule in questions.csv.",
        """
        select _row, question_key from codebook.questions
        where has_bands and municipality_rule is null
        """,
    ),
    Rule(
        "ranges_are_of_numbers",
        "questions",
        "{seen} has a unit or a range that it cannot have.",
        "Write unit, lowest and highest for a number only, the lowest not above the highest.",
        """
        select _row, question_key from codebook.questions
        where (not is_number and (unit is not null or lowest is not null or highest is not null))
            or lowest > highest
        """,
    ),
    Rule(
        "totals_are_of_constant_sums",
        "questions",
        "{seen} has a total that it cannot have, or has none and needs one.",
        "Write in total what the rows of a constant_sum add up to, and of it only.",
        """
        select _row, question_key from codebook.questions
        where (type = 'constant_sum') <> (total is not null)
        """,
    ),
    Rule(
        "roles_fit_types",
        "questions",
        "{seen} cannot have that role.",
        f"Give it to a question of another type: {ROLES_IN_WORDS}.",
        f"""
        select _row, question_key || ' (' || type || ', ' || role || ')' from codebook.questions
        where role is not null and (type, role) not in (values {ALLOWED_ROLES})
        """,
    ),
    Rule(
        "closed_questions_offer_options",
        "question_editions",
        "{seen} is closed and none of its options is asked in this edition.",
        "Add them to option_editions.csv.",
        """
        select question_editions._row, question_key || ' in ' || edition_key
        from codebook.question_editions
        inner join codebook.questions using (question_key)
        where is_closed and not exists (
            select 1 from codebook.option_editions
            where option_editions.edition_key = question_editions.edition_key
                and option_editions.question_key = question_editions.question_key
        )
        """,
    ),
    Rule(
        "matrices_ask_rows",
        "question_editions",
        "{seen} is a matrix and none of its rows is asked in this edition.",
        "Add them to item_editions.csv.",
        """
        select question_editions._row, question_key || ' in ' || edition_key
        from codebook.question_editions
        inner join codebook.questions using (question_key)
        where has_rows and not exists (
            select 1 from codebook.item_editions
            where item_editions.edition_key = question_editions.edition_key
                and item_editions.question_key = question_editions.question_key
        )
        """,
    ),
    Rule(
        "item_relevant_has_items",
        "question_editions",
        "{seen} has an item_relevant, but neither rows nor options of a multiple choice.",
        "Move the condition to relevant.",
        """
        select question_editions._row, question_key || ' in ' || edition_key
        from codebook.question_editions
        inner join codebook.questions using (question_key)
        where item_relevant is not null and not (has_rows or takes_several)
        """,
    ),
    Rule(
        "lineage_is_of_what_is_answered",
        "question_lineage",
        "{seen} is a matrix without a row, or no matrix with one.",
        "Name the row of a matrix (item_code, from_item_code), and of it only.",
        """
        select question_lineage._row, question_lineage.question_key || ' from ' || from_question_key
        from codebook.question_lineage
        inner join codebook.questions as later using (question_key)
        inner join codebook.questions as earlier on from_question_key = earlier.question_key
        where later.has_rows <> (item_code is not null)
            or earlier.has_rows <> (from_item_code is not null)
        """,
    ),
    Rule(
        "lineage_looks_back",
        "question_lineage",
        "{seen} was not asked before, is still asked, or what continues it was asked already.",
        "Name a question that an earlier edition asks, and this one and later ones do not; what"
        " continues it begins with this edition.",
        f"""
        with asked as ({ASKED}), lineage as ({LINEAGE})
        select _row, from_key
        from lineage
        where not exists (
            select 1 from asked where question_key = from_key
                and asked.edition_key < lineage.edition_key
        )
        or exists (
            select 1 from asked where question_key = from_key
                and asked.edition_key >= lineage.edition_key
        )
        or exists (
            select 1 from asked where question_key = key
                and asked.edition_key < lineage.edition_key
        )
        """,
    ),
    Rule(
        "questions_continue_one_by_one",
        "question_lineage",
        "{seen} is continued twice, or continues two.",
        "Write split or merged where it is not one that became one.",
        """
        select _row, from_question_key || ' to ' || question_key from codebook.question_lineage
        where lineage = 'continued'
        qualify count(*) over (partition by from_question_key, from_item_code) > 1
            or count(*) over (partition by question_key, item_code) > 1
        """,
    ),
    Rule(
        "verdicts_are_of_what_both_asked",
        "comparability",
        "{seen} was not asked in the earlier edition.",
        "Remove the row, or say in question_lineage.csv what the question continues.",
        f"""
        with recursive asked as ({ASKED}),
        continued as (select key, from_key from ({LINEAGE}) where lineage = 'continued'),
        origins as (
            select key, from_key as origin from continued
            union
            select origins.key, continued.from_key
            from origins inner join continued on origin = continued.key
        )
        select _row, key
        from (
            select *, question_key || coalesce('.' || item_code, '') as key
            from codebook.comparability
        ) as comparability
        where not exists (
            select 1 from asked
            where edition_key = from_edition_key and (
                asked.question_key = comparability.key
                or asked.question_key in (
                    select origin from origins where origins.key = comparability.key
                )
            )
        )
        """,
    ),
)

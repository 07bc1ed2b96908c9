-- mart_question_results from raw and codebook, and no more: as somebody would write it by hand who
-- knows the survey and keeps nothing else: counts, bases and percentages, no intervals or weights.
-- Nothing is tested, explained or kept apart.

create temporary table respondents as
with attributes as (
    select
        cells.edition_key, cells.row_number, cells.match_text,
        coalesce(questions.role, columns.role) as role
    from raw.corrected_cells as cells
    inner join raw.export_columns as columns using (edition_key, column_number)
    left join codebook.questions
        on columns.role = 'question' and columns.question_key = questions.question_key
    where coalesce(questions.role, columns.role) in (
        'municipality', 'postal_code', 'is_complete', 'started_at', 'completed_at'
    )
),
wide as (
    select
        export_rows.edition_key, export_rows.row_number,
        max(match_text) filter (role = 'municipality') as municipality,
        max(match_text) filter (role = 'postal_code') as postal_code,
        max(match_text) filter (role = 'is_complete') as is_complete,
        max(match_text) filter (role = 'started_at')::timestamp as started_at,
        max(match_text) filter (role = 'completed_at')::timestamp as completed_at
    from raw.export_rows
    left join attributes using (edition_key, row_number)
    where exclusion_reason is null
    group by all
)
select
    wide.edition_key, wide.row_number, started_at, completed_at, completions.value as is_complete,
    coalesce(named.nis_code, coded.nis_code) as nis_code
from wide
left join codebook.metadata_values as completions
    on completions.edition_key = wide.edition_key and completions.match_text = wide.is_complete
    and completions.role = 'is_complete'
left join codebook.municipality_names as named
    on named.edition_key = wide.edition_key and named.match_text = wide.municipality
    and named.role = 'municipality'
left join codebook.municipality_names as coded
    on coded.edition_key = wide.edition_key and coded.match_text = wide.postal_code
    and coded.role = 'postal_code';

create temporary table answers as
select
    cells.edition_key, cells.row_number, columns.question_key, cell_options.option_code,
    questions.question_key as codebook_question_key
from raw.corrected_cells as cells
inner join respondents using (edition_key, row_number)
inner join raw.export_columns as columns using (edition_key, column_number)
inner join codebook.questions
    on questions.question_key = split_part(columns.question_key, '.', 1)
left join raw.cell_options
    on cell_options.edition_key = cells.edition_key
    and cell_options.question_key = questions.question_key
    and cell_options.match_text = cells.match_text
    and coalesce(cell_options.option_code = columns.option_code, true)
where columns.role in ('question', 'option', 'options')
    and (not questions.is_closed or cell_options.is_selected);

create temporary table conditions_met as
with literals as (
    select edition_key, routing_literals.*
    from (
        select distinct edition_key, condition_key
        from codebook.routing_targets where condition_key is not null
    )
    inner join codebook.routing_literals using (condition_key)
),
choices as (
    select edition_key, row_number, question_key, list(option_code) as option_codes
    from answers
    where question_key in (select question_key from literals)
    group by all
),
clauses as (
    select
        respondents.edition_key, respondents.row_number, condition_key, clause_number,
        bool_and(
            coalesce(list_contains(option_codes, option_code) <> is_negated, false)
        ) as is_met
    from respondents
    inner join literals using (edition_key)
    left join choices using (edition_key, row_number, question_key)
    group by all
)
select distinct edition_key, row_number, condition_key from clauses where is_met;

create temporary table options_asked as
with asked as (
    select edition_key, question_key, question_key as codebook_question_key
    from codebook.question_editions
    inner join codebook.questions using (question_key)
    where type in ('single', 'multiple')
    union all
    select edition_key, question_key || '.' || item_code, question_key
    from codebook.item_editions
)
select
    asked.*, options.option_code, options.position, is_exclusive, option_editions.label,
    municipality_rule, questions.label || coalesce(' - ' || items.label, '') as question_label,
    coalesce(own.condition_key, whole.condition_key) as condition_key
from asked
inner join codebook.questions on questions.question_key = codebook_question_key
left join codebook.question_items as items
    on asked.question_key = items.question_key || '.' || items.item_code
inner join codebook.option_editions
    on option_editions.edition_key = asked.edition_key
    and option_editions.question_key = codebook_question_key
inner join codebook.options
    on options.question_key = codebook_question_key
    and options.option_code = option_editions.option_code
left join codebook.routing_targets as whole
    on whole.edition_key = asked.edition_key and whole.question_key = asked.question_key
    and whole.option_code is null
left join codebook.routing_targets as own
    on own.edition_key = asked.edition_key and own.question_key = asked.question_key
    and own.option_code = options.option_code;

create temporary table answers_on_route as
select answers.edition_key, answers.row_number, answers.question_key, answers.option_code
from answers
left join codebook.routing_targets as whole
    on whole.edition_key = answers.edition_key and whole.question_key = answers.question_key
    and whole.option_code is null
left join codebook.routing_targets as own
    on own.edition_key = answers.edition_key and own.question_key = answers.question_key
    and own.option_code = answers.option_code
left join conditions_met
    on conditions_met.edition_key = answers.edition_key
    and conditions_met.row_number = answers.row_number
    and conditions_met.condition_key = coalesce(own.condition_key, whole.condition_key)
where coalesce(own.condition_key, whole.condition_key) is null
    or conditions_met.condition_key is not null;

create temporary table ranked as
with counts as (
    select edition_key, row_number, count(distinct question_key) as answered_count
    from answers_on_route group by all
)
select
    respondents.edition_key, respondents.row_number, nis_code,
    row_number() over (
        partition by respondents.edition_key
        order by is_complete desc, coalesce(answered_count, 0) desc, completed_at desc nulls last,
            started_at desc nulls last, respondents.row_number
    ) as seniority
from respondents left join counts using (edition_key, row_number);

create temporary table counted as
with answered as (
    select distinct edition_key, row_number, question_key from answers_on_route
),
shown as (
    select
        answered.edition_key, answered.row_number, answered.question_key,
        options_asked.option_code, answers_on_route.option_code is not null as is_selected
    from answered
    inner join options_asked using (edition_key, question_key)
    left join conditions_met
        on conditions_met.edition_key = answered.edition_key
        and conditions_met.row_number = answered.row_number
        and conditions_met.condition_key = options_asked.condition_key
    left join answers_on_route
        on answers_on_route.edition_key = answered.edition_key
        and answers_on_route.row_number = answered.row_number
        and answers_on_route.question_key = answered.question_key
        and answers_on_route.option_code = options_asked.option_code
    where options_asked.condition_key is null or conditions_met.condition_key is not null
)
select
    edition_key, nis_code, question_key, option_code,
    count(*) filter (is_selected) as selected_count, count(*) as base_count,
    min(seniority) filter (is_selected) as first_seniority
from shown
inner join ranked using (edition_key, row_number)
group by all;

create temporary table municipalities as
select
    edition_key, question_key, option_code,
    coalesce(
        case municipality_rule
            when 'any' then selected_count > 0 and not (
                is_exclusive and bool_or(selected_count > 0 and not is_exclusive) over answer
            )
            when 'most_complete' then first_seniority = min(first_seniority) over answer
            else position = min(position) filter (selected_count > 0) over answer
        end, false
    ) as is_selected
from counted
inner join options_asked using (edition_key, question_key, option_code)
window answer as (partition by edition_key, nis_code, question_key);

create or replace table results as
with bases as (
    select 'respondents' as base, edition_key, question_key, option_code,
        sum(selected_count)::bigint as selected_count, sum(base_count)::bigint as base_count
    from counted group by all
    union all
    select 'municipalities', edition_key, question_key, option_code,
        count(*) filter (is_selected), count(*)
    from municipalities group by all
),
figures as (
    select
        options_asked.edition_key, unnested.base, options_asked.question_key,
        options_asked.question_key || '.' || options_asked.option_code as option_key,
        options_asked.option_code, question_label, label as option_label,
        position as option_position,
        coalesce(selected_count, 0) as selected_count, coalesce(base_count, 0) as base_count,
        selected_count / base_count as share
    from options_asked
    cross join (select unnest(['respondents', 'municipalities']) as base) as unnested
    left join bases
        on bases.edition_key = options_asked.edition_key and bases.base = unnested.base
        and bases.question_key = options_asked.question_key
        and bases.option_code = options_asked.option_code
)
select
    *,
    ((200 * selected_count + base_count) // nullif(2 * base_count, 0))::integer as percentage
from figures;

{#
    What was answered on a scale or as a number, municipality by municipality. Of colleagues who
    differ, the municipality's answer is the one that the rule of the question takes; a number has no
    such rule, and stands for respondents only.
#}
with

options_asked as (
    select * from {{ ref('int_options_asked') }}
    where score is not null and not is_missing
),

counts as (
    select * from {{ ref('int_municipality_counts') }}
    where other_condition_key is null and selected_count > 0
),

municipality_answers as (
    select * from {{ ref('int_municipality_answers') }}
    where from_edition_key = to_edition_key and is_selected
),

cells as (
    select * from {{ source('raw', 'corrected_cells') }}
),

columns as (
    select * from {{ source('raw', 'export_columns') }}
    where is_answer
),

questions as (
    select * from {{ source('codebook', 'questions') }}
    where is_number and role is null
),

questions_asked as (
    select * from {{ ref('int_questions_asked') }}
),

respondents as (
    select * from {{ ref('stg_raw__respondents') }}
),

respondents_routed as (
    select * from {{ ref('int_respondents_routed') }}
),

located as (
    select * from {{ ref('int_respondents_located') }}
),

ranked as (
    select
        *,
        dense_rank() over (partition by edition_key, question_key order by score desc) <= 2
            as is_top_two,
    from options_asked
),

scored as (
    select
        ranked.edition_key,
        'respondents' as base,
        ranked.question_key,
        counts.municipality_key,
        ranked.score,
        ranked.is_top_two,
        counts.selected_count::integer as unit_count,
    from ranked
    inner join counts using (edition_key, option_key)
    union all by name
    select
        ranked.edition_key,
        'municipalities' as base,
        ranked.question_key,
        municipality_answers.municipality_key,
        ranked.score,
        ranked.is_top_two,
        1 as unit_count,
    from ranked
    inner join municipality_answers using (edition_key, option_key)
    union all by name
    select
        cells.edition_key,
        'respondents' as base,
        columns.question_key,
        located.municipality_key,
        try_cast(cells.match_text as double) as score,
        null::boolean as is_top_two,
        count(*)::integer as unit_count,
    from cells
    inner join columns using (edition_key, column_number)
    inner join questions using (question_key)
    inner join questions_asked
        on
            cells.edition_key = questions_asked.edition_key
            and columns.question_key = questions_asked.question_key
    inner join respondents
        on
            cells.edition_key = respondents.edition_key
            and cells.row_number = respondents.row_number
    inner join respondents_routed using (respondent_key)
    inner join located using (respondent_key)
    where {{ has_bit('respondents_routed.questions_on_route', 'questions_asked.position') }}
    group by all
)

select
    edition_key,
    base,
    question_key,
    municipality_key,
    score::double as score,
    bool_or(is_top_two) as is_top_two,
    sum(unit_count)::integer as unit_count,
from scored
where score is not null
group by all

{#
    What was answered on a scale or as a number, or gathered for an index, municipality by
    municipality. Of colleagues who differ, the municipality's answer is the one that the rule of the
    question takes; a number without a rule stands for respondents only.
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

questions_asked as (
    select * from {{ ref('int_questions_asked') }}
    where has_numbers
),

questions as (
    select * from {{ source('codebook', 'questions') }}
),

answers_routed as (
    select * from {{ ref('int_answers_routed') }}
    where is_on_route and number is not null
),

index_scores as (
    select * from {{ ref('int_index_scores') }}
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

{# Without a frame there are respondents only. #}
bases as (
    select count(*) > 0 as has_municipalities
    from {{ ref('int_municipality_editions') }}
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
    inner join bases on bases.has_municipalities
    union all by name
    select
        answers_routed.edition_key,
        'respondents' as base,
        answers_routed.question_key,
        located.municipality_key,
        answers_routed.number as score,
        null::boolean as is_top_two,
        count(*)::integer as unit_count,
    from answers_routed
    inner join questions_asked using (edition_key, question_key)
    inner join located using (respondent_key)
    group by all
    union all by name
    select
        answers_routed.edition_key,
        'municipalities' as base,
        answers_routed.question_key,
        located.municipality_key,
        if(
            any_value(questions.municipality_rule) = 'sum',
            sum(answers_routed.number), avg(answers_routed.number)
        ) as score,
        null::boolean as is_top_two,
        1 as unit_count,
    from answers_routed
    inner join questions_asked using (edition_key, question_key)
    inner join questions
        on questions_asked.codebook_question_key = questions.question_key
    inner join located using (respondent_key)
    inner join bases on bases.has_municipalities
    where questions.municipality_rule is not null
    group by all
    union all by name
    select
        edition_key,
        if(bases.has_municipalities, 'municipalities', 'respondents') as base,
        index_key as question_key,
        municipality_key,
        score,
        1 as unit_count,
    from index_scores
    cross join bases
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

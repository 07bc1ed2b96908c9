{# Where more colleagues answered, the first of each answer are named, then others up to this. #}
{% set listed_count = 20 %}

with

respondents as (
    select * from {{ ref('dim_respondents') }}
),

respondents_routed as (
    select * from {{ ref('int_respondents_routed') }}
),

questions_asked as (
    select * from {{ ref('int_questions_asked') }}
),

options_asked as (
    select * from {{ ref('int_options_asked') }}
),

municipality_answers as (
    select * from {{ ref('int_municipality_answers') }}
    where is_selected and from_edition_key = to_edition_key
),

questions as (
    select * from {{ ref('dim_questions') }}
),

closed as (
    select
        edition_key,
        question_key,
        questions_asked.position,
        bit_or(options_asked.option_bit) as option_bits,
    from questions_asked
    inner join options_asked using (edition_key, question_key)
    group by all
),

given as (
    select
        respondents.edition_key,
        respondents.municipality_key,
        closed.question_key,
        respondents_routed.options_on_route & closed.option_bits as chosen_options,
        count(*) as respondent_count,
        min(respondents.respondent_key, {{ listed_count }}) as respondent_keys,
    from respondents_routed
    inner join respondents using (edition_key, respondent_key)
    inner join closed using (edition_key)
    where {{ has_bit('respondents_routed.questions_on_route', 'closed.position') }}
    group by all
),

differing as (
    select *
    from given
    qualify count(*) over (partition by edition_key, municipality_key, question_key) > 1
),

named as (
    select
        differing.*,
        string_agg(options_asked.label, ' + ' order by options_asked.position) as answer,
    from differing
    inner join options_asked using (edition_key, question_key)
    where {{ has_bit('differing.chosen_options', 'options_asked.option_number') }}
    group by all
),

spoken as (
    select
        edition_key,
        municipality_key,
        question_key,
        unnest(respondent_keys) as respondent_key,
        answer,
    from named
),

ranked as (
    select
        *,
        row_number() over (
            partition by edition_key, municipality_key, question_key, answer
            order by respondent_key
        ) as answer_rank,
    from spoken
),

told as (
    select *
    from ranked
    qualify row_number() over (
        partition by edition_key, municipality_key, question_key
        order by answer_rank, respondent_key
    ) <= {{ listed_count }}
),

told_together as (
    select
        edition_key,
        municipality_key,
        question_key,
        string_agg(respondent_key || ': ' || answer, '; ' order by respondent_key) as answers,
    from told
    group by all
),

disagreements as (
    select
        named.edition_key,
        named.municipality_key,
        named.question_key,
        sum(named.respondent_count)::integer as respondent_count,
        any_value(told_together.answers) || if(
            sum(named.respondent_count) > {{ listed_count }},
            '; and ' || (sum(named.respondent_count) - {{ listed_count }})::integer || ' more', ''
        ) as answers,
    from named
    inner join told_together using (edition_key, municipality_key, question_key)
    group by all
),

adopted as (
    select
        municipality_answers.edition_key,
        municipality_answers.municipality_key,
        municipality_answers.question_key,
        string_agg(options_asked.label, ' + ' order by options_asked.position) as adopted_answer,
    from municipality_answers
    inner join options_asked using (edition_key, option_key)
    group by all
),

explained as (
    select
        disagreements.edition_key,
        disagreements.municipality_key,
        disagreements.question_key,
        questions.municipality_rule,
        disagreements.answers,
        adopted.adopted_answer,
        disagreements.respondent_count,
    from disagreements
    inner join adopted using (edition_key, municipality_key, question_key)
    inner join questions using (question_key)
)

select * from explained

{#
    How an option that two editions share is counted in each of them. Options that are compared
    as one are counted as one: who chose two of them is counted once.
#}
with

options_compared as (
    select * from {{ ref('int_options_compared') }}
),

questions_compared as (
    select * from {{ ref('int_questions_compared') }}
),

options_asked as (
    select * from {{ ref('int_options_asked') }}
),

sides as (
    select
        questions_compared.question_key,
        trend_key,
        from_edition_key,
        to_edition_key,
        shared_option_code,
        unnest([
            { 'edition_key': from_edition_key, 'option_code': from_option_code },
            { 'edition_key': to_edition_key, 'option_code': to_option_code }
        ]) as side,
    from options_compared
    inner join questions_compared using (from_edition_key, to_edition_key, trend_key)
),

shared as (
    select
        sides.from_edition_key,
        sides.to_edition_key,
        options_asked.edition_key,
        sides.question_key,
        options_asked.question_key as asked_question_key,
        sides.question_key || '.' || sides.shared_option_code as option_key,
        list_sort(list_distinct(list(options_asked.option_key))) as counted_option_keys,
    from sides
    inner join options_asked
        on
            sides.trend_key = options_asked.trend_key
            and sides.side['edition_key'] = options_asked.edition_key
            and sides.side['option_code'] = options_asked.option_code
    group by all
)

select
    *,
    array_to_string(counted_option_keys, ' + ') as counted_option_key,
from shared

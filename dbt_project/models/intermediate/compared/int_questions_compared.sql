{#
    The one place where it is decided whether a question can be compared, with what it continues if
    that has another key. A verdict on a matrix row goes before the one on its matrix. The two
    universes are the same where their conditions are written alike.
#}
with

questions_asked as (
    select * from {{ ref('int_questions_asked') }}
),

routing_targets as (
    select * from {{ source('codebook', 'routing_targets') }}
    where option_code is not null
),

comparability as (
    select * from {{ source('codebook', 'comparability') }}
),

option_conditions as (
    select
        edition_key,
        question_key,
        list(option_code || ': ' || condition order by option_code) as conditions,
    from routing_targets
    group by all
),

asked as (
    select
        questions_asked.*,
        coalesce(option_conditions.conditions::varchar, '') as option_condition,
    from questions_asked
    left join option_conditions using (edition_key, question_key)
),

compared as (
    select
        earlier.edition_key as from_edition_key,
        later.edition_key as to_edition_key,
        later.question_key,
        earlier.question_key as from_question_key,
        later.trend_key,
        later.codebook_question_key,
        later.has_options,
        comparability.verdict as comparability,
        comparability.reason,
        comparability.seen,
        earlier.condition_key as from_condition_key,
        later.condition_key as to_condition_key,
        earlier.universe as from_universe,
        later.universe as to_universe,
        earlier.option_condition as from_option_condition,
        later.option_condition as to_option_condition,
        earlier.condition <> later.condition as has_other_universe,
        earlier.option_condition <> later.option_condition as has_other_option_universes,
    from asked as earlier
    inner join asked as later
        on
            earlier.trend_key = later.trend_key
            and earlier.edition_key < later.edition_key
    left join comparability
        on
            earlier.edition_key = comparability.from_edition_key
            and later.edition_key = comparability.to_edition_key
            and later.codebook_question_key = comparability.question_key
            and coalesce(
                comparability.question_key || '.' || comparability.item_code = later.question_key,
                true
            )
    qualify row_number() over (
        partition by earlier.edition_key, later.edition_key, later.question_key
        order by comparability.item_code nulls last
    ) = 1
)

select * from compared

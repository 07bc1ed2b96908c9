{#
    Of whom a question is counted when one edition is looked at by itself (from and to are the
    same) and when two are compared: as it is, on the part of the universe that they share
    (common_base), or as the same municipalities in both (panel). Where the other edition asked
    others, they are those who meet its condition as well.
#}
with

options_asked as (
    select * from {{ ref('int_options_asked') }}
),

questions_compared as (
    select * from {{ ref('int_questions_compared') }}
    where has_options
),

own as (
    select distinct
        edition_key as from_edition_key,
        edition_key as to_edition_key,
        'cross_section' as population,
        edition_key,
        question_key,
        question_key as compared_question_key,
        cast(null as integer) as other_condition_key,
    from options_asked
),

sides as (
    select
        from_edition_key,
        to_edition_key,
        question_key as compared_question_key,
        has_other_universe,
        unnest([
            {
                'edition_key': from_edition_key,
                'question_key': from_question_key,
                'other_condition_key': to_condition_key
            },
            {
                'edition_key': to_edition_key,
                'question_key': question_key,
                'other_condition_key': from_condition_key
            }
        ]) as side,
    from questions_compared
),

compared as (
    select
        from_edition_key,
        to_edition_key,
        unnest(if(has_other_universe, ['common_base', 'panel'], ['panel'])) as population,
        side['edition_key'] as edition_key,
        side['question_key'] as question_key,
        compared_question_key,
        if(has_other_universe, side['other_condition_key'], null) as other_condition_key,
    from sides
),

populations as (
    select * from own
    union all by name
    select * from compared
)

select * from populations

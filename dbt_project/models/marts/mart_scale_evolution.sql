{#
    Scales of two editions that may be compared: the same scores under the same labels, asked of
    the same people; an index, where all its questions may be.
#}
with

scales_compared as (
    select * from {{ ref('int_scales_compared') }}
),

questions_compared as (
    select * from {{ ref('mart_question_comparisons') }}
    where
        comparability <> 'not_comparable'
        and not has_other_universe
        and not has_other_option_universes
),

index_items as (
    select
        index_key,
        {{ asked_key('question_key', 'item_code') }} as question_key,
        option_code,
        points as score,
    from {{ source('codebook', 'index_items') }}
),

index_questions as (
    select distinct
        index_key,
        question_key,
        count(distinct question_key) over (partition by index_key) as question_count,
    from index_items
),

indices_compared as (
    select
        questions_compared.from_edition_key,
        questions_compared.to_edition_key,
        index_questions.index_key as question_key,
        max(questions_compared.comparability) as comparability,
        string_agg(distinct questions_compared.reason, ' ' order by questions_compared.reason)
            as reason,
    from questions_compared
    inner join index_questions using (question_key)
    group by all
    having count(*) = any_value(index_questions.question_count)
),

comparisons as (
    select
        from_edition_key,
        to_edition_key,
        question_key,
        comparability,
        reason,
    from questions_compared
    union all by name
    select * from indices_compared
),

results as (
    select * from {{ ref('mart_scale_results') }}
),

options_asked as (
    select * from {{ ref('int_options_asked') }}
),

questions_asked as (
    select * from {{ ref('int_questions_asked') }}
),

{# What is divided among other rows, or ranked with them, is something else. #}
divided as (
    select question_key as parent_question_key
    from {{ source('codebook', 'questions') }}
    where type in ('rank', 'constant_sum')
),

scored as (
    select
        edition_key,
        question_key,
        option_key,
        score,
    from options_asked
    where score is not null
    union all by name
    select
        options_asked.edition_key,
        index_items.index_key as question_key,
        options_asked.option_key,
        index_items.score,
    from options_asked
    inner join index_items using (question_key, option_code)
    union all by name
    select
        questions_asked.edition_key,
        questions_asked.question_key,
        others.question_key as option_key,
        0 as score,
    from questions_asked
    inner join divided using (parent_question_key)
    inner join questions_asked as others using (edition_key, parent_question_key)
),

scales as (
    select
        edition_key,
        question_key,
        list(option_key || score order by option_key) as scores,
    from scored
    group by all
),

compared as (
    select
        scales_compared.from_edition_key,
        scales_compared.to_edition_key,
        scales_compared.base,
        scales_compared.question_key,
        earlier.base_count as from_base_count,
        later.base_count as to_base_count,
        earlier.mean as from_mean,
        later.mean as to_mean,
        scales_compared.mean_change,
        scales_compared.mean_change_low,
        scales_compared.mean_change_high,
        scales_compared.superiority,
        scales_compared.superiority_low,
        scales_compared.superiority_high,
        comparisons.comparability,
        comparisons.reason,
        case
            when scales_compared.superiority_low is null then 'too_few'
            when scales_compared.superiority_low > 0.5 then 'increase'
            when scales_compared.superiority_high < 0.5 then 'decrease'
            else 'not_distinguishable'
        end as verdict,
        earlier.is_synthetic or later.is_synthetic as is_synthetic,
    from scales_compared
    inner join comparisons using (from_edition_key, to_edition_key, question_key)
    inner join results as earlier
        on
            scales_compared.from_edition_key = earlier.edition_key
            and scales_compared.base = earlier.base
            and scales_compared.question_key = earlier.question_key
    inner join results as later
        on
            scales_compared.to_edition_key = later.edition_key
            and scales_compared.base = later.base
            and scales_compared.question_key = later.question_key
    left join scales as earlier_scale
        on
            scales_compared.from_edition_key = earlier_scale.edition_key
            and scales_compared.question_key = earlier_scale.question_key
    left join scales as later_scale
        on
            scales_compared.to_edition_key = later_scale.edition_key
            and scales_compared.question_key = later_scale.question_key
    where earlier_scale.scores is not distinct from later_scale.scores
)

select * from compared

{#
    The figures that are judged by themselves, with what else they could be: with other weights, and
    if the municipalities that did not answer differ from those that did by 10 or 20 points. Of N
    that could have answered n did, so the share of all N lies within (1 - n/N) of that.
#}
with

headlines as (
    select
        position,
        label,
        {{ asked_key('question_key', 'item_code') }} || '.' || option_code as option_key,
    from {{ source('codebook', 'headlines') }}
),

results as (
    select results.*
    from {{ ref('mart_question_results') }} as results
    inner join {{ ref('dim_editions') }} as editions using (edition_key)
    where results.base = {{ main_base('editions.frame_size') }}
),

bases as (
    select * from {{ ref('int_question_bases') }}
),

told as (
    select
        results.edition_key,
        headlines.position,
        headlines.label,
        results.question_key,
        results.option_key,
        results.base_count,
        results.share,
        results.percentage,
        results.share_low,
        results.share_high,
        results.is_indicative,
        results.share_weighted,
        results.share_raked,
        1 - bases.sampled_share as unknown_share,
        {% for points in [10, 20] %}
            unknown_share * greatest(results.share - {{ points / 100 }}, 0)
            + (1 - unknown_share) * results.share as share_if_{{ points }}_lower,
            unknown_share * least(results.share + {{ points / 100 }}, 1)
            + (1 - unknown_share) * results.share as share_if_{{ points }}_higher,
        {% endfor %}
        results.is_synthetic,
    from headlines
    inner join results using (option_key)
    left join bases using (edition_key, question_key)
)

select * from told

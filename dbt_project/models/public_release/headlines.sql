{# Raked shares are for analysts: they would be one more sum of small groups. #}
with

headlines as (
    select * from {{ ref('mart_headlines') }}
),

results as (
    select results.*
    from {{ ref('question_results') }} as results
    inner join {{ ref('dim_editions') }} as editions using (edition_key)
    where
        results.breakdown = 'total'
        and results.base = {{ main_base('editions.frame_size') }}
),

released as (
    select
        headlines.edition_key,
        headlines.position,
        headlines.label,
        headlines.question_key,
        headlines.option_key,
        results.suppression,
        results.base_count,
        results.percentage,
        results.share_low,
        results.share_high,
        results.is_indicative,
        results.share_weighted,
        {% for name in ['10_lower', '10_higher', '20_lower', '20_higher'] %}
            if(results.suppression is null, headlines.share_if_{{ name }}, null)
                as share_if_{{ name }},
        {% endfor %}
        headlines.is_synthetic,
    from headlines
    inner join results using (edition_key, option_key)
)

select * from released

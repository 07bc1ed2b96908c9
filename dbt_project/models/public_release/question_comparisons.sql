{#
    The one verdict on a question: what its options come to, in the comparison that is shown. It can
    be compared where any of them can; what keeps single options from it is told at those.
#}
with

evolution as (
    select * from {{ ref('evolution') }}
    where is_main
),

ranked as (
    select
        *,
        {# Of equals the one with the fewest reasons, which the others have as well. #}
        100 * list_position(
            ['comparable_with_caution', 'comparable', 'not_comparable'], comparability
        ) + len(reasons) as severity,
    from evolution
),

compared as (
    select
        from_edition_key,
        to_edition_key,
        base,
        question_key,
        any_value(population) as population,
        arg_min(comparability, severity) as comparability,
        arg_min(reason_code, severity) as reason_code,
        arg_min(reason, severity) as reason,
        arg_min(reasons, severity) as reasons,
        count(*)::integer as option_count,
        (count(*) filter (comparability <> 'not_comparable'))::integer as compared_count,
        any_value(is_synthetic) as is_synthetic,
    from ranked
    group by all
)

select * from compared

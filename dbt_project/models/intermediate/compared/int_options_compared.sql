{#
    What two editions share. An option that was split is compared as the sum of its parts, under
    the earlier option; options that were merged as the sum of what they were, under the later one.
    Where splits and merges cross, nothing is shared. A question that continues another has its
    options by their codes.
#}
with recursive

option_editions as (
    select * from {{ ref('int_options_asked') }}
),

option_lineage as (
    select * from {{ source('codebook', 'option_lineage') }}
),

steps as (
    select
        option_editions.trend_key,
        option_editions.edition_key,
        option_editions.option_code,
        earlier.option_code as from_option_code,
        {# An option can have been away for an edition. #}
        max(earlier.edition_key) as previous_edition_key,
    from option_editions
    left join option_lineage
        on
            option_editions.codebook_question_key = option_lineage.question_key
            and option_editions.edition_key = option_lineage.edition_key
            and option_editions.option_code = option_lineage.option_code
    inner join option_editions as earlier
        on
            option_editions.trend_key = earlier.trend_key
            and option_editions.edition_key > earlier.edition_key
            and coalesce(option_lineage.from_option_code, option_editions.option_code)
            = earlier.option_code
    where
        option_editions.lineage <> 'new'
        or option_editions.question_key <> earlier.question_key
    group by all
),

walked as (
    select
        trend_key,
        edition_key as to_edition_key,
        option_code as to_option_code,
        previous_edition_key as from_edition_key,
        from_option_code,
    from steps

    union

    select
        walked.trend_key,
        walked.to_edition_key,
        walked.to_option_code,
        steps.previous_edition_key as from_edition_key,
        steps.from_option_code,
    from walked
    inner join steps
        on
            walked.trend_key = steps.trend_key
            and walked.from_edition_key = steps.edition_key
            and walked.from_option_code = steps.option_code
),

descents as (
    select
        walked.*,
        count(*) over later_option as from_count,
        count(*) over earlier_option as to_count,
    from walked
    inner join option_editions
        on
            walked.trend_key = option_editions.trend_key
            and walked.from_edition_key = option_editions.edition_key
            and walked.from_option_code = option_editions.option_code
    window
        later_option as (
            partition by
                walked.trend_key, walked.from_edition_key, walked.to_edition_key,
                walked.to_option_code
        ),
        earlier_option as (
            partition by
                walked.trend_key, walked.from_edition_key, walked.to_edition_key,
                walked.from_option_code
        )
),

shared as (
    select
        trend_key,
        from_edition_key,
        to_edition_key,
        from_option_code,
        to_option_code,
        if(to_count > 1, from_option_code, to_option_code) as shared_option_code,
        case
            when to_count > 1 then 'split'
            when from_count > 1 then 'merged'
            when from_option_code <> to_option_code then 'renamed'
            else 'kept'
        end as descent,
    from descents
    qualify not bool_or(from_count > 1 and to_count > 1) over (
        partition by trend_key, from_edition_key, to_edition_key, to_option_code
    )
)

select * from shared

with

options_asked as (
    select * from {{ ref('int_options_asked') }}
),

selected as (
    select
        edition_key,
        option_key,
        label,
        lineage,
    from options_asked
)

select * from selected

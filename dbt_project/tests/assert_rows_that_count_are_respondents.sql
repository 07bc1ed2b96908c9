with

counted_rows as (
    select
        edition_key,
        count(*) as row_count,
    from {{ source('raw', 'export_rows') }}
    where exclusion_reason is null
    group by all
),

respondents as (
    select
        edition_key,
        count(*) as respondent_count,
    from {{ ref('dim_respondents') }}
    group by all
)

select *
from counted_rows
full join respondents using (edition_key)
where row_count is distinct from respondent_count

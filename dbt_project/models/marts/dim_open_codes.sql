with

open_codes as (
    select * from {{ source('codebook', 'open_codes') }}
),

codes as (
    select
        {{ open_code_key('question_key', 'option_code', 'code') }} as code_key,
        question_key,
        option_code,
        code,
        label,
        position,
    from open_codes
)

select * from codes

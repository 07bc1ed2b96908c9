with

coders_compared as (
    select * from {{ ref('int_coders_compared') }}
),

codes as (
    select * from {{ ref('dim_open_codes') }}
),

agreement as (
    select
        coders_compared.edition_key,
        codes.question_key,
        codes.code_key,
        coders_compared.first_coder,
        coders_compared.second_coder,
        coders_compared.both_count,
        coders_compared.first_count as first_only_count,
        coders_compared.second_count as second_only_count,
        coders_compared.neither_count,
        coders_compared.both_count + coders_compared.first_count
        + coders_compared.second_count + coders_compared.neither_count as answer_count,
        (coders_compared.both_count + coders_compared.neither_count)
        / nullif(answer_count, 0) as agreement_share,
        if(isnan(coders_compared.kappa), null, coders_compared.kappa) as kappa,
    from coders_compared
    inner join codes using (code_key)
)

select * from agreement

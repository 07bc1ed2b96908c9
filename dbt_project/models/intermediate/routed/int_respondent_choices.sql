{# What was chosen, on route or not: a clause names all that must hold for it to be on route. #}
with

respondents as (
    select * from {{ ref('stg_raw__respondents') }}
),

answers as (
    select * from {{ ref('stg_raw__answers') }}
),

questions_asked as (
    select * from {{ ref('int_questions_asked') }}
),

options_asked as (
    select * from {{ ref('int_options_asked') }}
),

clauses_asked as (
    select * from {{ ref('int_clauses_asked') }}
),

routing_literals as (
    select * from {{ source('codebook', 'routing_literals') }}
),

{# As long as the bits they stand in for. #}
blanks as (
    select
        {{ no_bits('(select max(position) + 1 from questions_asked)') }} as no_questions,
        {{ no_bits('(select coalesce(max(option_number), 0) + 1 from options_asked)') }}
            as no_options,
        {{ no_bits('(select coalesce(max(condition_key), 0) + 1 from routing_literals)') }}
            as no_conditions,
),

question_bits as (
    select
        questions_asked.edition_key,
        questions_asked.question_key,
        questions_asked.question_bit,
        bit_or(options_asked.option_bit) as option_bits,
    from questions_asked
    left join options_asked using (edition_key, question_key)
    group by all
),

answered as (
    select
        answers.edition_key,
        answers.respondent_key,
        bit_or(question_bits.question_bit) as answered_questions,
        bit_or(question_bits.option_bits) as answered_options,
        bit_or(options_asked.option_bit) as chosen_options,
    from answers
    inner join question_bits using (edition_key, question_key)
    left join options_asked using (edition_key, question_key, option_code)
    group by all
),

choices as (
    select
        respondents.edition_key,
        respondents.respondent_key,
        respondents.is_complete,
        coalesce(answered.answered_questions, blanks.no_questions) as answered_questions,
        coalesce(answered.answered_options, blanks.no_options) as answered_options,
        coalesce(answered.chosen_options, blanks.no_options) as chosen_options,
        coalesce(
            xor(
                answered.answered_options, coalesce(answered.chosen_options, blanks.no_options)
            ),
            blanks.no_options
        ) as rejected_options,
    from respondents
    cross join blanks
    left join answered using (edition_key, respondent_key)
),

met as (
    select
        choices.respondent_key,
        bit_or(clauses_asked.condition_bit) as met_conditions,
    from choices
    inner join clauses_asked
        on
            choices.edition_key = clauses_asked.edition_key
            and {{ meets_clause(
                'clauses_asked', 'choices.chosen_options', 'choices.rejected_options'
            ) }}
    group by all
),

with_conditions as (
    select
        choices.*,
        coalesce(met.met_conditions, blanks.no_conditions) as met_conditions,
    from choices
    cross join blanks
    left join met using (respondent_key)
)

select * from with_conditions

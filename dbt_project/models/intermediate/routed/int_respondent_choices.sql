{#
    What was answered, on route or not: a clause names all that must hold for it to be on route. A
    blank counts as no answer here, also behind the place where somebody stopped; which place that
    is follows from it, and nothing before it hangs on what comes after.
#}
{% set comparisons = ['=', '!=', '<', '<=', '>', '>='] %}

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

criteria_asked as (
    select * from {{ ref('int_criteria_asked') }}
),

clauses_asked as (
    select * from {{ ref('int_clauses_asked') }}
),

{# As long as the bits they stand in for. #}
blanks as (
    select
        {{ no_bits('(select max(position) + 1 from questions_asked)') }} as no_questions,
        {{ no_bits('(select coalesce(max(criterion_number), 0) + 1 from criteria_asked)') }}
            as no_criteria,
        {{ no_bits('(select coalesce(max(condition_key), 0) + 1 from clauses_asked)') }}
            as no_conditions,
),

answered as (
    select
        answers.edition_key,
        answers.respondent_key,
        bit_or(questions_asked.question_bit) as answered_questions,
    from answers
    inner join questions_asked using (edition_key, question_key)
    group by all
),

chosen as (
    select
        answers.respondent_key,
        bit_or(criteria_asked.criterion_bit) as chosen_criteria,
    from answers
    inner join criteria_asked using (edition_key, question_key, option_code)
    group by all
),

questions_judged as (
    select distinct
        edition_key,
        question_key,
    from criteria_asked
),

measured as (
    select
        answers.edition_key,
        answers.respondent_key,
        answers.question_key,
        max(answers.number) as number,
        count(answers.option_code) as option_count,
    from answers
    inner join questions_judged using (edition_key, question_key)
    group by all
),

compared as (
    select
        measured.respondent_key,
        criteria_asked.criterion_bit,
        case criteria_asked.measure
            when 'number' then measured.number
            when 'count' then measured.option_count
        end as value,
        case criteria_asked.comparison
            {% for comparison in comparisons %}
                when '{{ comparison }}' then value {{ comparison }} criteria_asked.number
            {% endfor %}
        end as is_met_by_value,
        coalesce(is_met_by_value, criteria_asked.measure = 'any') as is_met,
    from measured
    inner join criteria_asked using (edition_key, question_key)
),

judged as (
    select
        respondent_key,
        bit_or(criterion_bit) as answered_criteria,
        bit_or(criterion_bit) filter (is_met) as criteria_met_by_value,
    from compared
    group by all
),

choices as (
    select
        respondents.edition_key,
        respondents.respondent_key,
        respondents.is_complete,
        coalesce(answered.answered_questions, blanks.no_questions) as answered_questions,
        coalesce(chosen.chosen_criteria, blanks.no_criteria)
        | coalesce(judged.criteria_met_by_value, blanks.no_criteria) as met_criteria,
        xor(coalesce(judged.answered_criteria, blanks.no_criteria), met_criteria)
            as failed_criteria,
    from respondents
    cross join blanks
    left join answered using (edition_key, respondent_key)
    left join chosen using (respondent_key)
    left join judged using (respondent_key)
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
                'clauses_asked', 'choices.met_criteria', 'choices.failed_criteria',
                'choices.met_criteria', 'choices.failed_criteria'
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

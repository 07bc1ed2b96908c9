{#
    Colleagues of one municipality, and municipalities that merged, become one answer, by the rule
    of the question: `any` counts an option that one of them chose, an exclusive one only alone; `most_complete` takes the answer
    of the most complete and then the latest of them; `first_listed` that of whoever chose the
    option highest in the list.
#}
with

answers as (
    select * from {{ ref('fct_answers') }}
),

populations as (
    select * from {{ ref('int_answer_populations') }}
),

respondents as (
    select * from {{ ref('dim_respondents') }}
),

respondents_stopped as (
    select * from {{ ref('int_respondents_stopped') }}
),

options_asked as (
    select * from {{ ref('int_options_asked') }}
),

questions as (
    select * from {{ source('codebook', 'questions') }}
),

colleague_answers as (
    select
        populations.from_edition_key,
        populations.to_edition_key,
        populations.population,
        populations.edition_key,
        populations.municipality_key,
        answers.respondent_key,
        answers.question_key,
        answers.option_key,
        answers.is_selected,
        options_asked.is_exclusive,
        questions.municipality_rule,
        if(answers.is_selected, options_asked.position, null) as selected_position,
        respondents.is_complete,
        respondents_stopped.answered_question_count,
        respondents.completed_at,
        respondents.started_at,
    from answers
    inner join populations using (edition_key, respondent_key, question_key)
    inner join respondents using (edition_key, respondent_key)
    inner join respondents_stopped using (edition_key, respondent_key)
    inner join options_asked using (edition_key, option_key)
    inner join questions on options_asked.codebook_question_key = questions.question_key
),

colleagues as (
    select
        from_edition_key,
        to_edition_key,
        population,
        edition_key,
        municipality_key,
        question_key,
        respondent_key,
        is_complete,
        answered_question_count,
        completed_at,
        started_at,
        municipality_rule,
        min(selected_position) as first_position,
    from colleague_answers
    where municipality_rule <> 'any'
    group by all
),

spokespersons as (
    select
        from_edition_key,
        to_edition_key,
        population,
        edition_key,
        municipality_key,
        question_key,
        respondent_key,
    from colleagues
    qualify row_number() over (
        partition by
            from_edition_key, to_edition_key, population, edition_key, municipality_key,
            question_key
        order by
            if(municipality_rule = 'first_listed', first_position, 0) asc,
            is_complete desc,
            answered_question_count desc,
            completed_at desc nulls last,
            started_at desc nulls last,
            respondent_key asc
    ) = 1
),

any_answers as (
    select
        from_edition_key,
        to_edition_key,
        population,
        edition_key,
        municipality_key,
        question_key,
        option_key,
        is_exclusive,
        bool_or(is_selected) as is_selected,
    from colleague_answers
    where municipality_rule = 'any'
    group by all
),

municipality_answers as (
    select
        * exclude (is_exclusive, is_selected),
        {# Where one colleague says "none" and another names something, it is not none. #}
        is_selected and not (
            is_exclusive and bool_or(is_selected and not is_exclusive) over (
                partition by
                    from_edition_key, to_edition_key, population, edition_key, municipality_key,
                    question_key
            )
        ) as is_selected,
    from any_answers

    union all by name

    select
        colleague_answers.from_edition_key,
        colleague_answers.to_edition_key,
        colleague_answers.population,
        colleague_answers.edition_key,
        colleague_answers.municipality_key,
        colleague_answers.question_key,
        colleague_answers.option_key,
        colleague_answers.is_selected,
    from colleague_answers
    inner join spokespersons
        using (
            from_edition_key, to_edition_key, population, edition_key, municipality_key,
            question_key, respondent_key
        )
)

select * from municipality_answers

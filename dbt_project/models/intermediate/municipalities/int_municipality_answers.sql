{#
    Colleagues of one municipality, and municipalities that merged, become one answer, by the rule
    of the question: `any` counts an option that one of them chose, an exclusive one only alone;
    `most_complete` takes the answer of the most senior; `first_listed` the chosen option highest
    in the list; `mean` and `sum` the band that holds what their numbers come to. Questions with the
    last four have one answer a respondent, and show all their options to whom they are shown.
#}
with

populations as (
    select * from {{ ref('int_answer_populations') }}
),

counts as (
    select * from {{ ref('int_municipality_counts') }}
),

options_asked as (
    select * from {{ ref('int_options_asked') }}
),

questions as (
    select * from {{ source('codebook', 'questions') }}
),

summed as (
    select
        populations.from_edition_key,
        populations.to_edition_key,
        populations.population,
        populations.edition_key,
        populations.municipality_key,
        populations.question_key,
        options_asked.option_key,
        options_asked.is_exclusive,
        options_asked.position,
        questions.municipality_rule,
        sum(counts.selected_count) > 0 as is_chosen,
        min(counts.first_seniority) as first_seniority,
        options_asked.at_least,
        options_asked.below,
        sum(counts.selected_count) as answer_count,
        sum(counts.number_total) as number_total,
    from populations
    inner join counts
        on
            populations.edition_key = counts.edition_key
            and populations.question_key = counts.question_key
            and populations.answering_municipality_key = counts.municipality_key
            and populations.other_condition_key is not distinct from counts.other_condition_key
    inner join options_asked
        on
            counts.edition_key = options_asked.edition_key
            and counts.option_key = options_asked.option_key
    inner join questions on options_asked.codebook_question_key = questions.question_key
    group by all
),

collapsed as (
    select
        from_edition_key,
        to_edition_key,
        population,
        edition_key,
        municipality_key,
        question_key,
        option_key,
        sum(number_total) over answer as total_number,
        total_number / sum(answer_count) over answer as mean_number,
        coalesce(
            case municipality_rule
                {# Where one colleague says "none" and another names something, it is not none. #}
                when 'any'
                    then
                        is_chosen and not (
                            is_exclusive and bool_or(is_chosen and not is_exclusive) over answer
                        )
                when 'most_complete' then first_seniority = min(first_seniority) over answer
                when 'first_listed'
                    then position = min(position) filter (is_chosen) over answer
                when 'mean' then mean_number >= at_least and mean_number < below
                when 'sum' then total_number >= at_least and total_number < below
            end,
            false
        ) as is_selected,
    from summed
    window
        answer as (
            partition by
                from_edition_key, to_edition_key, population, edition_key, municipality_key,
                question_key
        )
)

select * exclude (total_number, mean_number) from collapsed

{#
    What speaks against a verdict `comparable`, both texts side by side: other words, another list of
    answers, other labels under a code, one choice where there were several, other people asked. It
    is seen where the verdict's row says so.
#}
with

compared as (
    select * from {{ ref('int_questions_compared') }}
    where comparability = 'comparable'
),

questions_asked as (
    select * from {{ ref('int_questions_asked') }}
),

options_asked as (
    select * from {{ ref('int_options_asked') }}
),

answers as (
    select * from {{ ref('fct_answers') }}
),

chosen as (
    select
        edition_key,
        question_key,
        respondent_key,
        count_if(is_selected) as chosen_count,
    from answers
    group by all
),

most_chosen as (
    select
        edition_key,
        question_key,
        max(chosen_count) as chosen_count,
    from chosen
    group by all
),

asked as (
    select
        questions_asked.edition_key,
        questions_asked.question_key,
        questions_asked.has_rows,
        questions_asked.wording,
        regexp_replace(lower(strip_accents(questions_asked.wording)), '[^a-z0-9]', '', 'g')
            as plain_wording,
        if(questions_asked.takes_several, most_chosen.chosen_count, null) as chosen_count,
    from questions_asked
    left join most_chosen using (edition_key, question_key)
),

labels as (
    select
        compared.from_edition_key,
        compared.to_edition_key,
        compared.question_key,
        options_asked.option_code,
        any_value(options_asked.position) as position,
        max(if(options_asked.edition_key = compared.from_edition_key, options_asked.label, null))
            as from_label,
        max(if(options_asked.edition_key = compared.to_edition_key, options_asked.label, null))
            as to_label,
    from compared
    inner join options_asked
        on
            compared.trend_key = options_asked.trend_key
            and options_asked.edition_key in (compared.from_edition_key, compared.to_edition_key)
    group by all
),

lists as (
    select
        from_edition_key,
        to_edition_key,
        question_key,
        {% for name, text in {
            'gone_labels': 'if(to_label is null, from_label, null)',
            'new_labels': 'if(from_label is null, to_label, null)',
            'from_labels': 'if(from_label <> to_label, from_label, null)',
            'to_labels': 'if(from_label <> to_label, to_label, null)',
        }.items() %}
            string_agg({{ text }}, ' | ' order by position) as {{ name }},
        {% endfor %}
    from labels
    group by all
),

confronted as (
    select
        compared.from_edition_key,
        compared.to_edition_key,
        compared.question_key,
        compared.seen,
        unnest([
            {
                'contradiction': 'wording',
                'is_other': earlier.plain_wording <> later.plain_wording,
                'from_text': earlier.wording,
                'to_text': later.wording
            },
            {
                'contradiction': 'options',
                'is_other': lists.gone_labels is not null or lists.new_labels is not null,
                'from_text': lists.gone_labels,
                'to_text': lists.new_labels
            },
            {
                'contradiction': 'labels',
                'is_other': lists.from_labels is not null,
                'from_text': lists.from_labels,
                'to_text': lists.to_labels
            },
            {
                'contradiction': 'type',
                'is_other': (earlier.chosen_count > 1) <> (later.chosen_count > 1),
                'from_text': earlier.chosen_count::varchar,
                'to_text': later.chosen_count::varchar
            },
            {# Whom a matrix is shown to follows from its rows. #}
            {
                'contradiction': 'routing',
                'is_other': compared.has_other_universe and not later.has_rows,
                'from_text': compared.from_universe,
                'to_text': compared.to_universe
            },
            {
                'contradiction': 'routing',
                'is_other': compared.has_other_option_universes,
                'from_text': compared.from_option_condition,
                'to_text': compared.to_option_condition
            }
        ]) as found,
    from compared
    inner join asked as earlier
        on
            compared.from_edition_key = earlier.edition_key
            and compared.from_question_key = earlier.question_key
    inner join asked as later
        on
            compared.to_edition_key = later.edition_key
            and compared.question_key = later.question_key
    left join lists
        on
            compared.from_edition_key = lists.from_edition_key
            and compared.to_edition_key = lists.to_edition_key
            and compared.question_key = lists.question_key
),

contradictions as (
    select
        from_edition_key,
        to_edition_key,
        question_key,
        found['contradiction'] as contradiction,
        coalesce(found['from_text'], '') as from_text,
        coalesce(found['to_text'], '') as to_text,
        list_contains(string_split(coalesce(seen, ''), ' '), found['contradiction']) as is_seen,
    from confronted
    where found['is_other']
)

select * from contradictions

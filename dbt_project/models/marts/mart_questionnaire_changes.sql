with

editions as (
    select * from {{ ref('dim_editions') }}
),

question_editions as (
    select * from {{ ref('bridge_question_editions') }}
),

option_editions as (
    select * from {{ ref('bridge_option_editions') }}
),

options as (
    select * from {{ ref('dim_options') }}
),

questions_asked as (
    select * from {{ ref('int_questions_asked') }}
),

options_compared as (
    select * from {{ ref('int_options_compared') }}
),

questions_moved as (
    select * from {{ ref('int_questions_moved') }}
),

pairs as (
    select
        earlier.edition_key as from_edition_key,
        later.edition_key as to_edition_key,
    from editions as earlier
    inner join editions as later on earlier.edition_key < later.edition_key
),

asked as (
    select
        pairs.from_edition_key,
        pairs.to_edition_key,
        question_editions.*,
        {# A matrix is shown where one of its rows is; what changed for whom shows in the rows. #}
        if(questions_asked.has_rows, null, questions_asked.condition) as condition,
        questions_asked.parent_question_key,
    from pairs
    inner join question_editions
        on question_editions.edition_key in (pairs.from_edition_key, pairs.to_edition_key)
    inner join questions_asked using (edition_key, question_key)
),

earlier_questions as (
    select * from asked
    where edition_key = from_edition_key
),

later_questions as (
    select * from asked
    where edition_key = to_edition_key
),

matched as (
    select
        coalesce(earlier.from_edition_key, later.from_edition_key) as from_edition_key,
        coalesce(earlier.to_edition_key, later.to_edition_key) as to_edition_key,
        question_key,
        earlier.wording as from_wording,
        later.wording as to_wording,
        earlier.number as from_number,
        later.number as to_number,
        earlier.universe as from_universe,
        later.universe as to_universe,
        earlier.condition as from_condition,
        later.condition as to_condition,
        earlier.is_required as from_is_required,
        later.is_required as to_is_required,
        coalesce(questions_moved.is_moved, false) as is_moved,
        coalesce(earlier.parent_question_key, later.parent_question_key) as parent_question_key,
    from earlier_questions as earlier
    full join later_questions as later
        using (from_edition_key, to_edition_key, question_key)
    left join questions_moved
        using (from_edition_key, to_edition_key, question_key)
),

question_changes as (
    select
        from_edition_key,
        to_edition_key,
        question_key,
        cast(null as varchar) as option_key,
        unnest([
            if(
                from_wording is null,
                { 'change': 'added', 'from_value': null, 'to_value': to_wording }, null
            ),
            if(
                to_wording is null,
                { 'change': 'dropped', 'from_value': from_wording, 'to_value': null }, null
            ),
            if(
                from_wording <> to_wording,
                { 'change': 'reworded', 'from_value': from_wording, 'to_value': to_wording }, null
            ),
            if(
                from_number <> to_number and parent_question_key is null,
                { 'change': 'renumbered', 'from_value': from_number, 'to_value': to_number }, null
            ),
            if(
                is_moved,
                {
                    'change': 'moved',
                    'from_value': from_number,
                    'to_value': to_number
                },
                null
            ),
            if(
                from_condition <> to_condition,
                {
                    'change': 'routing_changed',
                    'from_value': from_universe,
                    'to_value': to_universe
                },
                null
            ),
            if(
                from_is_required <> to_is_required,
                {
                    'change': 'required_changed',
                    'from_value': cast(from_is_required as varchar),
                    'to_value': cast(to_is_required as varchar)
                },
                null
            )
        ]) as found,
    from matched
),

offered as (
    select
        pairs.from_edition_key,
        pairs.to_edition_key,
        option_editions.edition_key,
        options.question_key,
        options.option_key,
        options.option_code,
        option_editions.label,
        option_editions.lineage,
    from pairs
    inner join option_editions
        on option_editions.edition_key in (pairs.from_edition_key, pairs.to_edition_key)
    inner join options using (option_key)
    inner join question_editions as earlier
        on
            pairs.from_edition_key = earlier.edition_key
            and options.question_key = earlier.question_key
    inner join question_editions as later
        on
            pairs.to_edition_key = later.edition_key
            and options.question_key = later.question_key
),

earlier_options as (
    select * from offered
    where edition_key = from_edition_key
),

later_options as (
    select * from offered
    where edition_key = to_edition_key
),

option_matched as (
    select
        coalesce(earlier.from_edition_key, later.from_edition_key) as from_edition_key,
        coalesce(earlier.to_edition_key, later.to_edition_key) as to_edition_key,
        coalesce(earlier.question_key, later.question_key) as question_key,
        option_key,
        coalesce(earlier.option_code, later.option_code) as option_code,
        earlier.label as from_label,
        later.label as to_label,
    from earlier_options as earlier
    full join later_options as later
        using (from_edition_key, to_edition_key, option_key)
),

option_descents as (
    select
        option_matched.from_edition_key,
        option_matched.to_edition_key,
        option_matched.question_key,
        option_matched.option_key,
        option_matched.from_label as from_value,
        option_matched.to_label as to_value,
        any_value(options_compared.descent) as descent,
    from option_matched
    inner join questions_asked
        on
            option_matched.to_edition_key = questions_asked.edition_key
            and option_matched.question_key = questions_asked.question_key
    left join options_compared
        on
            option_matched.from_edition_key = options_compared.from_edition_key
            and option_matched.to_edition_key = options_compared.to_edition_key
            and questions_asked.trend_key = options_compared.trend_key
            and option_matched.option_code
            in (options_compared.from_option_code, options_compared.to_option_code)
    where option_matched.from_label is distinct from option_matched.to_label
    group by all
),

option_changes as (
    select
        * exclude (descent),
        case
            when descent = 'split' then 'option_split'
            when descent = 'merged' then 'option_merged'
            when from_value is null then 'option_added'
            when to_value is null then 'option_dropped'
            else 'option_renamed'
        end as change,
    from option_descents
),

changes as (
    select
        from_edition_key,
        to_edition_key,
        question_key,
        option_key,
        found.change,
        found.from_value,
        found.to_value,
    from question_changes
    where found is not null

    union all by name

    select * from option_changes
)

select * from changes

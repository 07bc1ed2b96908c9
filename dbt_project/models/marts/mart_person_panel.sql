with

respondents as (
    select * from {{ ref('dim_respondents') }}
),

editions as (
    select * from {{ ref('dim_editions') }}
    where has_lasting_person_keys
),

persons as (
    select
        respondents.edition_key,
        respondents.person_key,
    from respondents
    inner join editions using (edition_key)
    where respondents.person_key is not null
    group by all
),

pairs as (
    select
        earlier.edition_key as from_edition_key,
        later.edition_key as to_edition_key,
        earlier.is_synthetic or later.is_synthetic as is_synthetic,
    from editions as earlier
    inner join editions as later on earlier.edition_key < later.edition_key
),

seen as (
    select
        pairs.from_edition_key,
        pairs.to_edition_key,
        pairs.is_synthetic,
        persons.person_key,
        bool_or(persons.edition_key = pairs.from_edition_key) as is_in_from,
        bool_or(persons.edition_key = pairs.to_edition_key) as is_in_to,
    from pairs
    left join persons
        on persons.edition_key in (pairs.from_edition_key, pairs.to_edition_key)
    group by all
),

panel as (
    select
        from_edition_key,
        to_edition_key,
        (count(*) filter (is_in_from))::integer as from_person_count,
        (count(*) filter (is_in_to))::integer as to_person_count,
        (count(*) filter (is_in_from and is_in_to))::integer as both_person_count,
        is_synthetic,
    from seen
    group by all
)

select * from panel

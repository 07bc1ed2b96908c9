{#
    Who could have answered a question, and how many of them did: those who were asked and skipped
    it or stopped before it are as if they had not taken part.
#}
with

asked as (
    select * from {{ ref('int_municipalities_asked') }}
),

strata as (
    select * from {{ ref('int_strata') }}
),

participation as (
    select
        edition_key,
        sum(participating_count) / sum(frame_count) as participating_share,
    from strata
    group by all
),

counted as (
    select
        edition_key,
        question_key,
        count_if(has_answered) / count(*) as answering_share,
    from asked
    group by all
),

shares as (
    select
        counted.*,
        participation.participating_share * counted.answering_share as sampled_share,
    from counted
    inner join participation using (edition_key)
)

select * from shares

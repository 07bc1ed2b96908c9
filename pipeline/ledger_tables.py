"""The tables of the ledger, and the queries that compare two warehouses."""

LEDGER_TABLES = """
    create schema if not exists audit;
    create or replace table audit.builds (
        build_id varchar, started_at timestamp, reason varchar, input_sha256 varchar,
        code_revision varchar, code_sha256 varchar, codebook_sha256 varchar,
        export_sha256 varchar, versions varchar, land_seconds double, model_seconds double,
        check_seconds double, verdict varchar, message varchar
    );
    create or replace table audit.input_changes (
        build_id varchar, input varchar, path varchar, row_number integer, edition_key integer,
        question_key varchar, change varchar, old_value varchar, new_value varchar
    );
    create or replace table audit.figure_changes (
        build_id varchar, edition_key integer, base varchar, question_key varchar,
        option_key varchar, old_selected_count integer, new_selected_count integer,
        old_base_count integer, new_base_count integer, old_percentage integer,
        new_percentage integer, old_share_low double, new_share_low double,
        old_share_high double, new_share_high double, changed_inputs varchar
    );
    -- Two figures tell of whoever came between them: how many changed is all that is published.
    create or replace view public_release.figure_changes as
    select
        build_id, edition_key, count(*)::integer as changed_count,
        array_to_string(
            list_sort(list_distinct(flatten(list(string_split(changed_inputs, '; '))))), '; '
        ) as changed_inputs
    from audit.figure_changes group by all;
    comment on view public_release.figure_changes is
        'One row per build and edition of which figures changed: how many, and by which inputs.';
    comment on table audit.builds is
        'One row per build up to this one, also those that were refused or cut off.';
    comment on column audit.builds.build_id is 'The build, named after when it began (UTC).';
    comment on column audit.builds.started_at is 'When it began (UTC).';
    comment on column audit.builds.reason is 'Why it was run, as told with --why.';
    comment on column audit.builds.input_sha256 is
        'SHA-256 of all inputs together: code, codebook, exports, versions, key of persons.';
    comment on column audit.builds.code_revision is
        'Commit of the code, with + where it was changed since; null outside a repository.';
    comment on column audit.builds.code_sha256 is 'SHA-256 of the code.';
    comment on column audit.builds.codebook_sha256 is 'SHA-256 of the codebook.';
    comment on column audit.builds.export_sha256 is 'SHA-256 of every export, as JSON.';
    comment on column audit.builds.versions is 'Versions of what it ran on, as JSON.';
    comment on column audit.builds.land_seconds is 'How long codebook and exports took.';
    comment on column audit.builds.model_seconds is
        'How long the models and their tests took, once the exports were landed.';
    comment on column audit.builds.check_seconds is 'How long the expectations took.';
    comment on column audit.builds.verdict is 'built, refused, failed, killed or restored.';
    comment on column audit.builds.message is 'What it ended with, where it was not built.';
    comment on table audit.input_changes is
        'One row per build and input that differs from the build before it.';
    comment on column audit.input_changes.build_id is 'The build that had the new value.';
    comment on column audit.input_changes.input is
        'export, codebook, correction, code or version.';
    comment on column audit.input_changes.path is 'The file; for code the project.';
    comment on column audit.input_changes.row_number is
        'Row of a codebook file: the new one, or the old one where it was removed.';
    comment on column audit.input_changes.edition_key is 'The edition it is of; null: of all.';
    comment on column audit.input_changes.question_key is 'The question it is of; null: of all.';
    comment on column audit.input_changes.change is 'added, removed or changed.';
    comment on column audit.input_changes.old_value is 'The row, hash, commit or version before.';
    comment on column audit.input_changes.new_value is 'The row, hash, commit or version now.';
    comment on table audit.figure_changes is
        'One row per build and figure of mart_question_results that differs from the build before.';
    comment on column audit.figure_changes.build_id is 'The build that had the new figure.';
    comment on column audit.figure_changes.edition_key is 'The edition, as its year.';
    comment on column audit.figure_changes.base is 'Base: `respondents` or `municipalities`.';
    comment on column audit.figure_changes.question_key is 'The question or matrix row.';
    comment on column audit.figure_changes.option_key is 'The option.';
    comment on column audit.figure_changes.old_selected_count is 'Chosen by, before; null: new.';
    comment on column audit.figure_changes.new_selected_count is 'Chosen by, now; null: gone.';
    comment on column audit.figure_changes.old_base_count is 'Base N before.';
    comment on column audit.figure_changes.new_base_count is 'Base N now.';
    comment on column audit.figure_changes.old_percentage is 'Percentage before.';
    comment on column audit.figure_changes.new_percentage is 'Percentage now.';
    comment on column audit.figure_changes.old_share_low is 'Lower bound of its interval, before.';
    comment on column audit.figure_changes.new_share_low is 'Lower bound of its interval, now.';
    comment on column audit.figure_changes.old_share_high is 'Upper bound of its interval, before.';
    comment on column audit.figure_changes.new_share_high is 'Upper bound of its interval, now.';
    comment on column audit.figure_changes.changed_inputs is
        'The inputs, as file:row, that changed and can touch the figure: of its edition or of all, '
        'and of its question, of one that routes to it, or of none; else all of its edition.';
"""

OTHER_ROWS = """
    with now as (select * from ({new})), was as (select * from ({old}))
    select
        coalesce(now._row, was._row), coalesce(now.edition, was.edition),
        coalesce(now.question, was.question),
        case when was.content is null then 'added' when now.content is null then 'removed'
            else 'changed' end,
        was.content, now.content
    from now full join was on now.key is not distinct from was.key
    where now.content is distinct from was.content
    order by all
"""

CHANGED_FIGURES = """
    insert into audit.figure_changes
    with inputs as (
        select
            edition_key, question_key,
            concat_ws(':', path, row_number) as words
        from audit.input_changes where build_id = $build_id
    ),
    figures as (
        select
            edition_key, base, coalesce(now.question_key, was.question_key) as question_key,
            option_key, was.selected_count, now.selected_count, was.base_count, now.base_count,
            was.percentage, now.percentage, was.share_low, now.share_low,
            was.share_high, now.share_high
        from marts.mart_question_results as now
        full join previous.marts.mart_question_results as was
            using (edition_key, base, option_key)
        where was.selected_count is distinct from now.selected_count
            or was.base_count is distinct from now.base_count
            or round(was.share_low, 9) is distinct from round(now.share_low, 9)
            or round(was.share_high, 9) is distinct from round(now.share_high, 9)
    ),
    deciding as (
        select distinct
            targets.edition_key, targets.question_key,
            split_part(literals.question_key, '.', 1) as source_question_key
        from codebook.routing_targets as targets
        inner join codebook.routing_literals as literals using (condition_key)
    )
    select
        $build_id, figures.*, coalesce(
            (
                select string_agg(distinct words, '; ' order by words) from inputs
                where coalesce(inputs.edition_key = figures.edition_key, true) and (
                    inputs.question_key is null
                    or split_part(inputs.question_key, '.', 1)
                        = split_part(figures.question_key, '.', 1)
                    or exists (
                        select 1 from deciding
                        where deciding.edition_key = figures.edition_key
                            and deciding.question_key = figures.question_key
                            and source_question_key = split_part(inputs.question_key, '.', 1)
                    )
                )
            ),
            (
                select string_agg(distinct words, '; ' order by words) from inputs
                where coalesce(inputs.edition_key = figures.edition_key, true)
            )
        )
    from figures
    order by edition_key, base, option_key
"""


FIELDWORK = """
    select edition_key, field_end_date from marts.dim_editions
    where not is_synthetic and field_end_date >= current_date
"""

# Who was counted before and is not any more, by whatever tells a respondent again. Where no key can
# be the same, as they are of another secret, it is told by how many fewer there are.
LOST_RESPONDENTS = """
    with before as (
        select
            edition_key, respondent_key, keys.lasting_key,
            regexp_extract(keys.lasting_key, '^(at|[a-z]+_[^_]+)_', 1) as kind
        from previous.raw.export_rows as rows
        left join previous.raw.lasting_keys as keys using (edition_key, row_number)
        where exclusion_reason is null
    ),
    after as (
        select distinct
            edition_key, keys.lasting_key,
            regexp_extract(keys.lasting_key, '^(at|[a-z]+_[^_]+)_', 1) as kind
        from raw.export_rows
        inner join raw.lasting_keys as keys using (edition_key, row_number)
        where exclusion_reason is null
    ),
    was as (
        select
            before.edition_key, respondent_key,
            bool_or(after.lasting_key is not null or before.lasting_key is null) as is_there,
            bool_or((before.edition_key, kind) in (select (edition_key, kind) from after))
                as is_comparable
        from before
        left join after using (edition_key, lasting_key, kind)
        group by all
    ),
    now as (
        select edition_key, count(row_number) filter (exclusion_reason is null) as now_count
        from raw.exports left join raw.export_rows using (edition_key)
        group by all
    ),
    editions as (
        select
            edition_key, count(*) as was_count, now_count, bool_or(is_comparable) as is_comparable,
            list(respondent_key order by respondent_key) filter (not is_there) as lost
        from was inner join now using (edition_key)
        group by all
    )
    select
        edition_key,
        case when is_comparable then len(lost) else was_count - now_count end as lost_count,
        was_count, now_count, if(is_comparable, lost, [])
    from editions
    where coalesce(lost_count, 0) > 0
    order by all
"""

# Two questions with the same options, or two options, of which each has the answers that the other
# had, of those who are in both.
SWAPPED_ANSWERS = """
    with pairs as (
        select
            now.edition_key, lasting_key, now.respondent_key as now_key,
            was.respondent_key as was_key
        from raw.export_rows as now
        inner join previous.raw.export_rows as was using (edition_key, lasting_key)
        where now.exclusion_reason is null and was.exclusion_reason is null
    ),
    answers as (
        select true as is_new, edition_key, question_key, option_key, lasting_key
        from marts.fct_answers inner join pairs using (edition_key)
        where is_selected and respondent_key = now_key
        union all
        select false, edition_key, question_key, option_key, lasting_key
        from previous.marts.fct_answers inner join pairs using (edition_key)
        where is_selected and respondent_key = was_key
    ),
    marks as (
        select
            is_new, edition_key, question_key as name, null as of_question,
            bit_xor(hash(lasting_key || right(option_key, -length(question_key)))) as mark
        from answers group by all
        union all
        select
            is_new, edition_key, option_key as name, question_key as of_question,
            bit_xor(hash(lasting_key)) as mark
        from answers group by all
    ),
    now as (from marks where is_new),
    was as (from marks where not is_new)
    select one.edition_key, one.name, other.name
    from now as one
    inner join now as other
        on other.edition_key = one.edition_key and one.name < other.name
        and other.of_question is not distinct from one.of_question
    inner join was as one_before
        on one_before.edition_key = one.edition_key and one_before.name = one.name
        and one_before.of_question is not distinct from one.of_question
        and one_before.mark = other.mark
    inner join was as other_before
        on other_before.edition_key = other.edition_key and other_before.name = other.name
        and other_before.of_question is not distinct from other.of_question
        and other_before.mark = one.mark
    where one.mark <> other.mark
    order by all
"""

OLDER_EXPORTS = """
    with now as (
        select edition_key, max(coalesce(completed_at, started_at)) as last_at
        from staging.stg_raw__respondents group by all
    ),
    was as (
        select edition_key, max(coalesce(completed_at, started_at)) as last_at
        from previous.staging.stg_raw__respondents group by all
    )
    select edition_key, now.last_at, was.last_at from now inner join was using (edition_key)
    where now.last_at < was.last_at
"""

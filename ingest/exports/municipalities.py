"""The names and postal codes that stand for a municipality of an edition's frame."""

import duckdb


def build_municipality_names(connection: duckdb.DuckDBPyConnection) -> None:
    """Create `codebook.municipality_successions` and `codebook.municipality_names`.

    The first follows every municipality version to the one that stands in an edition's frame;
    the second holds what resolves to it: its name, an alias, the name of a municipality that
    merged into it, a postal code of its own. What stands for two municipalities is left out.
    """
    connection.execute("""
        create table codebook.municipality_successions as
        with recursive followed as (
            select
                nis_code, valid_from, nis_code as later_nis_code, valid_from as later_from,
                valid_to as later_to, successor_nis_code
            from codebook.municipalities
            union all
            select
                followed.nis_code, followed.valid_from, municipalities.nis_code,
                municipalities.valid_from, municipalities.valid_to,
                municipalities.successor_nis_code
            from followed
            inner join codebook.municipalities
                on municipalities.nis_code = followed.successor_nis_code
                and is_valid_on(
                    municipalities.valid_from, municipalities.valid_to, followed.later_to
                )
        )
        select
            frames.edition_key, followed.nis_code, followed.valid_from,
            followed.later_nis_code as frame_nis_code
        from followed
        inner join codebook.municipality_frames as frames
            on frames.nis_code = later_nis_code and frames.valid_from = later_from
    """)
    connection.execute("""
        create table codebook.municipality_names as
        with names as (
            select
                edition_key, 'municipality' as role, match_text, frame_nis_code,
                if(frames.edition_key is null, 'former_name', 'name') as method
            from codebook.municipalities
            inner join codebook.municipality_successions using (nis_code, valid_from)
            left join codebook.municipality_frames as frames
                using (edition_key, nis_code, valid_from)
            union all
            select edition_key, 'municipality', match_text, frame_nis_code, 'alias'
            from codebook.municipality_aliases
            inner join codebook.municipality_successions using (nis_code)
            union all
            select edition_key, 'postal_code', match_text, frame_nis_code, 'postal_code'
            from codebook.postal_codes
            inner join codebook.municipality_successions using (nis_code)
        ),
        preferred as (
            from names
            qualify dense_rank() over (
                partition by edition_key, role, match_text
                order by method = 'name' desc, method = 'alias' desc
            ) = 1
        )
        select
            edition_key, role, match_text, any_value(method) as method,
            any_value(frame_nis_code) as nis_code
        from preferred
        group by edition_key, role, match_text
        having count(distinct frame_nis_code) = 1
    """)

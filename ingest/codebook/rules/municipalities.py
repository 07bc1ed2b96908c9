"""Rules of municipalities, their names and their size."""

from ingest.codebook.rules.rule import Rule

# A population that is this many times another, of the same municipality within so many years.
LARGEST_GROWTH, GROWTH_YEARS = 1.25, 4

RULES = (
    Rule(
        "municipality_versions_follow_each_other",
        "municipalities",
        "{seen} overlaps another version of the same code or name.",
        "End the one where the other begins.",
        """
        select distinct here._row, here.nis_code || ' ' || here.name || ' from ' || here.valid_from
        from codebook.municipalities as here
        inner join codebook.municipalities as there
            on (here.nis_code = there.nis_code or here.match_text = there.match_text)
            and here._row <> there._row
            and (
                is_valid_on(here.valid_from, here.valid_to, there.valid_from)
                or is_valid_on(there.valid_from, there.valid_to, here.valid_from)
            )
        """,
    ),
    Rule(
        "ended_municipalities_have_successors",
        "municipalities",
        "{seen}: a version that ended has a successor valid from that day or, where it was divided,"
        " several parts that begin on it; another has neither.",
        "Mend valid_to or successor_nis_code, or write part_of_nis_code at its parts.",
        """
        with counted as (
            select here._row, here.nis_code || ' ' || here.name as seen, here.valid_to,
                here.successor_nis_code,
                count(*) filter (
                    there.nis_code = here.successor_nis_code
                    and is_valid_on(there.valid_from, there.valid_to, here.valid_to)
                ) as successor_count,
                count(*) filter (
                    there.part_of_nis_code = here.nis_code and there.valid_from = here.valid_to
                ) as part_count
            from codebook.municipalities as here cross join codebook.municipalities as there
            group by all
        )
        select _row, seen from counted
        where case
            when valid_to is null then successor_nis_code is not null
            when successor_nis_code is null then part_count < 2
            else successor_count = 0 or part_count > 0
        end
        """,
    ),
    Rule(
        "parts_are_of_what_was_divided",
        "municipalities",
        "{seen} begins on no day on which that municipality ended.",
        "Mend part_of_nis_code or valid_from.",
        """
        select here._row, here.name || ', part of ' || here.part_of_nis_code
        from codebook.municipalities as here
        where here.part_of_nis_code is not null and not exists (
            select 1 from codebook.municipalities as there
            where there.nis_code = here.part_of_nis_code and there.valid_to = here.valid_from
        )
        """,
    ),
    Rule(
        "aliases_are_no_names",
        "municipality_aliases",
        "{seen} is the name of another municipality.",
        "Remove the alias: a name resolves by itself.",
        """
        select municipality_aliases._row, alias from codebook.municipality_aliases
        inner join codebook.municipalities using (match_text)
        where municipality_aliases.nis_code <> municipalities.nis_code
        """,
    ),
    Rule(
        "frames_have_populations",
        "municipalities",
        "{seen}.",
        "Add the number to populations.csv, or change the edition's frame_date.",
        """
        select municipalities._row,
            name || ' has no population for the frame date of edition ' || edition_key
        from codebook.municipalities
        inner join codebook.municipality_frames using (nis_code, valid_from)
        where population is null
        """,
    ),
    Rule(
        "populations_of_a_frame_are_of_its_municipalities",
        "populations",
        "{seen}, and there is no such municipality on that day.",
        "Put the municipality back, mend its code or its dates, or remove the number.",
        """
        select populations._row, populations.nis_code || ' has a population for the frame of '
            || min(edition_key)
        from codebook.populations
        inner join codebook.editions on populations.year = year(frame_date)
        left join codebook.municipality_frames as frames using (edition_key, nis_code)
        group by populations._row, populations.nis_code
        having count(frames.nis_code) = 0
        """,
    ),
    Rule(
        "populations_grow_slowly",
        "populations",
        "{seen}: no municipality grows or shrinks so much in so short a time.",
        "Mend the number, or begin a version of the municipality in municipalities.csv.",
        f"""
        select here._row, here.nis_code || ' has ' || here.population || ' in ' || here.year
            || ' and ' || before.population || ' in ' || before.year
        from codebook.populations as here
        asof join codebook.populations as before
            on here.nis_code = before.nis_code and here.year > before.year
        where greatest(here.population, before.population)
            > {LARGEST_GROWTH} * least(here.population, before.population)
            and here.year - before.year <= {GROWTH_YEARS}
            and not exists (
                select 1 from codebook.municipalities
                where municipalities.nis_code = here.nis_code
                    and year(valid_from) between before.year + 1 and here.year
            )
        """,
    ),
    Rule(
        "provinces_have_one_spelling",
        "municipalities",
        "{seen} is nearly the name of another province.",
        "Write both alike.",
        """
        with provinces as (
            select province, count(distinct nis_code) as municipality_count, min(_row) as _row
            from codebook.municipalities group by all
        )
        select rare._row, rare.province from provinces as rare
        inner join provinces as usual
            on rare.province <> usual.province
            and (rare.municipality_count, rare.province)
            < (usual.municipality_count, usual.province)
            and (
                lower(rare.province) = lower(usual.province)
                -- Numbered and lettered districts are no slips.
                or rare.municipality_count = 1 and usual.municipality_count > 1
                and length(rare.province) > 6 and not regexp_matches(rare.province, '[0-9]')
                and damerau_levenshtein(lower(rare.province), lower(usual.province)) < 2
            )
        """,
    ),
    Rule(
        "real_editions_have_real_municipalities",
        "municipalities",
        "{seen}, an edition that is no rehearsal: the municipality or its population is one.",
        "Put the real municipality, and its real population, in its place.",
        """
        select distinct municipalities._row, name || ' in ' || edition_key
        from codebook.municipalities
        inner join codebook.municipality_frames as frames using (nis_code, valid_from)
        inner join codebook.editions using (edition_key)
        where not is_synthetic and (municipalities.is_rehearsal or has_rehearsed_population)
        """,
    ),
    Rule(
        "size_categories_admit_populations",
        "size_categories",
        "{seen} admits no population.",
        "Mend min_population and max_population: from the one, up to but not including the other.",
        """
        select _row, size_category from codebook.size_categories
        where min_population >= max_population
        """,
    ),
)

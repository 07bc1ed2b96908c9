"""What may be published gives away nothing that may not: an attack by adding and subtracting."""

import itertools

import numpy as np
from scipy.optimize import linprog

from figures.release import release_sets
from figures.weights import join_classes

MINIMUM = 5

# Who answered what is not known to the attacker; who took part, where, how large and when, is.
MEMBERS = """
    select distinct
        answers.edition_key, answers.option_key, respondents.municipality_key,
        size_category_label, province
    from marts.fct_answers as answers
    inner join marts.dim_respondents as respondents using (edition_key, respondent_key)
    inner join marts.fct_municipality_editions as places using (edition_key, municipality_key)
    inner join marts.dim_municipalities using (municipality_key)
"""

PUBLISHED = """
    select edition_key, option_key, breakdown as kind, level,
        share_weighted is not null as is_weighted
    from public_release.question_results
    where base = 'municipalities' and suppression is null
"""

# The municipalities of the panels and common bases that are published, per option of the edition.
COMPARED = """
    with published as (
        select * from public_release.evolution
        where base = 'municipalities' and suppression is null and change is not null
    ),
    common_bases as (
        select populations.*, option_key
        from intermediate.int_answer_populations as populations
        inner join published using (from_edition_key, to_edition_key, population, question_key)
        where population = 'common_base'
    ),
    -- Who was counted for the option in both, by the rows of the answers.
    counted as (
        select distinct
            shared.from_edition_key, shared.to_edition_key, shared.edition_key,
            shared.option_key as shared_option_key, answers.option_key,
            respondents.municipality_key, frames.frame_municipality_key
        from intermediate.int_options_shared as shared
        inner join marts.fct_answers as answers
            on answers.edition_key = shared.edition_key
            and list_contains(shared.counted_option_keys, answers.option_key)
        inner join marts.dim_respondents as respondents
            on respondents.respondent_key = answers.respondent_key
        inner join intermediate.int_municipality_frames as frames
            on frames.municipality_key = respondents.municipality_key
            and frames.frame_edition_key = shared.to_edition_key
    ),
    panels as (
        select counted.* from counted
        semi join published
            on published.population = 'panel'
            and published.from_edition_key = counted.from_edition_key
            and published.to_edition_key = counted.to_edition_key
            and published.option_key = counted.shared_option_key
        qualify count(distinct edition_key) over (
            partition by from_edition_key, to_edition_key, shared_option_key,
                frame_municipality_key
        ) = 2
    )
    select
        population || from_edition_key || '-' || to_edition_key, edition_key, option_key,
        answering_municipality_key
    from common_bases
    union
    select
        'panel' || from_edition_key || '-' || to_edition_key, edition_key, option_key,
        municipality_key
    from panels
"""


def attack(
    units: list[str], published: list[set[str]], weights: dict[str, float] | None = None
) -> list[set[str]]:
    """Every set of too few units whose figure the published ones give, by solving for it.

    A set can be worked out where its indicator is a linear combination of those published; a
    weighted share is one more of those, with weights that everyone can work out.
    """
    if not published:
        return []
    matrix = np.array([[unit in some for unit in units] for some in published], dtype=float)
    if weights:
        matrix = np.vstack([matrix, [weights[unit] for unit in units]])
    _, inverse = np.unique(matrix, axis=1, return_inverse=True)
    groups = [[u for u, g in zip(units, inverse, strict=True) if g == n] for n in set(inverse)]
    rank = np.linalg.matrix_rank(matrix)
    small = [group for group in groups if len(group) < MINIMUM]
    found = []
    for count in (1, 2, 3):
        for some in itertools.combinations(small, count):
            target = set().union(*some)
            if len(target) < MINIMUM:
                row = np.array([[unit in target for unit in units]], dtype=float)
                if np.linalg.matrix_rank(np.vstack([matrix, row])) == rank:
                    found.append(target)
    return found


def read_known(built):
    """Per edition and option: the municipalities with their traits, and the panels they are in."""
    import duckdb

    with duckdb.connect(built.warehouse, read_only=True) as connection:
        members = connection.execute(MEMBERS).df()
        published = connection.execute(PUBLISHED).df()
        compared = connection.execute(COMPARED).fetchall()
        strata = connection.execute(STRATA).fetchall()
    panels: dict[tuple, dict[str, set]] = {}
    for name, edition, option, municipality in compared:
        panels.setdefault((edition, option), {}).setdefault(name, set()).add(municipality)
    return members, published, panels, strata


STRATA = """
    select edition_key, label, sum(frame_count), sum(participating_count)
    from intermediate.int_strata
    inner join codebook.size_categories on size_position = position
    group by edition_key, label, position order by edition_key, position
"""


def weigh(sizes: dict[str, set], strata: list[tuple]) -> dict[str, float]:
    """What each municipality counts for, from what everyone knows: the frame and who took part."""
    classes = join_classes(tuple(len(sizes.get(label, ())) for _, label, *_ in strata))
    weights = {}
    for place, (_, label, *_) in enumerate(strata):
        own = [row for other, row in zip(classes, strata, strict=True) if other == classes[place]]
        weight = sum(row[2] for row in own) / sum(row[3] for row in own)
        weights |= dict.fromkeys(sizes.get(label, ()), float(weight))
    return weights


def list_shown(known, is_published, is_weighted=lambda told: told):
    """Yield each option of each edition, with all units, the sets shown, and weights if told."""
    members, published, panels, strata = known
    shown = published.groupby(["edition_key", "option_key"])
    for (edition, option), group in members.groupby(["edition_key", "option_key"]):
        units = sorted(group["municipality_key"])
        sets = {("total", "total"): set(units)}
        for kind, column in (("size_category", "size_category_label"), ("province", "province")):
            for level, part in group.groupby(column):
                sets[kind, level] = set(part["municipality_key"])
        places = (
            set(shown.get_group((edition, option))[["kind", "level"]].itertuples(False, None))
            if (edition, option) in shown.groups
            else set()
        )
        kept = [sets[place] for place in sets if is_published(place, sets[place], places)]
        kept += [part & set(units) for part in panels.get((edition, option), {}).values()]
        told = [row for row in places if row == ("total", "total")]
        weights = None
        if told and is_weighted(bool(shown.get_group((edition, option))["is_weighted"].any())):
            sizes = {level: some for (kind, level), some in sets.items() if kind == "size_category"}
            weights = weigh(sizes, [row for row in strata if row[0] == edition])
        yield edition, option, units, kept, weights


def find_leaks(known, is_published, is_weighted=lambda told: told) -> tuple[int, list]:
    """Attack every option of every edition; return how many, and what was found."""
    leaks, seen, attacked = [], {}, 0
    for edition, option, units, kept, weights in list_shown(known, is_published, is_weighted):
        key = (tuple(units), tuple(sorted(map(tuple, map(sorted, kept)))), bool(weights))
        if key not in seen:
            seen[key] = attack(units, kept, weights)
        attacked += 1
        leaks += [(edition, option, leak) for leak in seen[key]]
    return attacked, leaks


CHOSEN = """
    select edition_key, option_key, list(municipality_key)
    from intermediate.int_municipality_answers
    where from_edition_key = to_edition_key and is_selected group by all
"""


def find_told(units: list[str], published: list[tuple[set[str], int]]) -> set[str]:
    """Everyone of whom counts of sets tell that they chose the option.

    Of units in the same sets the counts leave it open how many chose it, between bounds. Somewhere
    between them none of the groups chose it all that need not; a linear program finds that place.
    """
    matrix = np.array([[unit in some for unit in units] for some, _ in published], dtype=float)
    columns, inverse = np.unique(matrix, axis=1, return_inverse=True)
    sizes = np.bincount(inverse.ravel())
    count, nothing = len(sizes), np.zeros_like(columns)
    # How many of each group chose it, and a little of how many did not.
    found = linprog(
        np.concatenate([np.zeros(count), -np.ones(count)]),
        A_ub=np.hstack([np.eye(count), np.eye(count)]),
        b_ub=sizes,
        A_eq=np.hstack([columns, nothing]),
        b_eq=[chosen for _, chosen in published],
        bounds=[(0, None)] * count + [(0, 0.001)] * count,
    )
    is_told = found.x[count:] < 0.0005
    return {unit for unit, group in zip(units, inverse.ravel(), strict=True) if is_told[group]}


def find_all_told(known, chosen, is_published) -> tuple[int, list]:
    """Attack what each answered; return how many options, and of whom something is told."""
    told, attacked = [], 0
    for edition, option, units, kept, _ in list_shown(known, is_published):
        own = chosen.get((edition, option), set())
        # What everyone who took part answered is no secret.
        if kept and not own >= set(units):
            attacked += 1
            found = find_told(units, [(some, len(some & own)) for some in kept])
            told += [(edition, option, sorted(found))] if found else []
    return attacked, told


def test_weighted_share_is_published_where_its_classes_are_known():
    large, middle, little = names("l", 3), names("m", 7), names("s", 10)

    def weighted(*sizes):
        figures = [
            (2031, "q", "q.a", "size_category", label, members, [], True)
            for label, members in zip(("large", "middle", "little"), sizes, strict=True)
        ]
        everyone = [unit for members in sizes for unit in members]
        figures.append((2031, "q", "q.a", "total", "total", everyone, [], True))
        labels = ["large", "middle", "little"]
        frame = release_sets(figures, MINIMUM, labels, guards_answers=False)
        return frame["is_weighted_released"].any()

    # Three large ones are weighted with the seven next to them: ten, the total less the others.
    assert weighted(large, middle, little)
    assert weighted(names("l", 6), names("m", 7), names("s", 8))
    # Four little ones are joined with the seven; what is withheld with them is the six.
    assert not weighted(names("l", 6), names("m", 7), names("s", 4))


def test_no_published_figure_rests_on_too_few(warehouse):
    assert warehouse.execute(
        "select count(*), min(base_count) from public_release.question_results"
        " where base = 'municipalities' and suppression is null and base_count > 0"
    ).fetchone() == (
        warehouse.execute(
            "select count(*) from public_release.question_results"
            " where base = 'municipalities' and percentage is not null"
        ).fetchone()[0],
        MINIMUM,
    )
    assert warehouse.execute(
        "select count(selected_count), count(base_count), count(share), count(percentage),"
        " count(*) > 100 from public_release.question_results where suppression is not null"
    ).fetchone() == (0, 0, 0, 0, True)


def test_question_that_reached_nobody_is_not_withheld(warehouse):
    # None of 49 works with Ella, which is published: nobody was asked how satisfied they are.
    assert warehouse.execute(
        "select distinct base, selected_count, base_count, percentage, suppression"
        " from public_release.question_results where edition_key = 2025"
        " and question_key = 'partner_satisfaction.ella' and breakdown = 'total' order by all"
    ).fetchall() == [("municipalities", 0, 0, None, None), ("respondents", 0, 0, None, None)]
    # Of three it rests on too few, as do all its levels.
    assert warehouse.execute(
        "select distinct breakdown, suppression from public_release.question_results"
        " where edition_key = 2027 and question_key = 'partner_satisfaction.furia'"
        " or edition_key = 2025 and question_key = 'partner_satisfaction.ella'"
        " and breakdown <> 'total' order by all"
    ).fetchall() == [("province", "primary"), ("size_category", "primary"), ("total", "primary")]


def test_every_number_is_a_number(warehouse):
    columns = warehouse.execute(
        "select table_schema, table_name, column_name from information_schema.columns"
        " where data_type = 'DOUBLE'"
    ).fetchall()
    assert len(columns) > 100
    found = [
        column for column in columns
        if warehouse.execute(
            'select count(*) from "{}"."{}" where not isfinite("{}")'.format(*column)
        ).fetchone()[0]
    ]  # fmt: skip
    assert found == []


def test_every_breakdown_adds_up_to_the_total(warehouse):
    assert (
        warehouse.execute(
            """
            with levels as (
                select
                    edition_key, option_key, breakdown, sum(selected_count) as selected_sum,
                    sum(base_count) as base_sum
                from public_release.question_results
                where base = 'municipalities' and breakdown <> 'total'
                group by all having count(suppression) = 0
            )
            select edition_key, option_key, breakdown from levels
            inner join marts.mart_question_results using (edition_key, option_key)
            where base = 'municipalities'
                and (selected_sum, base_sum) <> (selected_count, base_count)
            """
        ).fetchall()
        == []
    )


def test_evolution_and_transitions_of_a_panel_are_of_the_same_municipalities(warehouse):
    assert warehouse.execute(
        """
        select
            count(*) > 300,
            count(*) filter (
                (municipality_count, municipality_count, kept_count + dropped_count)
                <> (from_base_count, to_base_count, round(from_share * from_base_count))
                or kept_count + adopted_count <> round(to_share * to_base_count)
            ),
            min(municipality_count) >= ?
        from public_release.panel_transitions
        inner join public_release.evolution
            using (from_edition_key, to_edition_key, question_key, option_key)
        where evolution.base = 'municipalities' and evolution.population = 'panel'
            and evolution.suppression is null
    """,
        [MINIMUM],
    ).fetchone() == (True, 0, True)


def names(prefix, count):
    return [f"{prefix}{n}" for n in range(count)]


def release(chosen=None, **sets):
    """What is withheld of sets; `chosen` has who chose each of the options, where that is guarded.

    One option is one of a question that takes several, more are all of one that takes one.
    """
    figures = [
        (2031, "q", f"q.{option}", *place.split("__"), sorted(members),
         sorted(set(members) & set(own)), len(chosen or "a") == 1)
        for option, own in (chosen or {"a": []}).items()
        for place, members in sets.items()
    ]  # fmt: skip
    labels = ["large", "middle", "little"]
    frame = release_sets(figures, MINIMUM, labels, guards_answers=chosen is not None)
    withheld = frame[frame["suppression"].notna()]
    first = withheld[withheld["option_key"] == "q.a"]
    # Of a question that takes one answer, all options go together.
    for _, own in withheld.groupby("option_key"):
        assert set(own["level"]) == set(first["level"])
    return {f"{row.kind}__{row.level}": row.suppression for row in first.itertuples()}


def test_small_level_takes_the_next_smallest_with_it():
    # 3 of 20 are large; alone, they would be the total less the others.
    large, middle, little = names("l", 3), names("m", 7), names("s", 10)
    assert release(
        total__total=large + middle + little,
        size_category__large=large,
        size_category__middle=middle,
        size_category__little=little,
    ) == {"size_category__large": "primary", "size_category__middle": "secondary"}


def test_two_small_levels_that_are_enough_together_hide_each_other():
    one, two, rest = names("a", 3), names("b", 3), names("c", 10)
    assert release(
        total__total=one + two + rest,
        size_category__large=one,
        size_category__middle=two,
        size_category__little=rest,
    ) == {"size_category__large": "primary", "size_category__middle": "primary"}


def test_province_within_a_size_category_is_withheld():
    # All six of the province are large, and there is one more large one: itself the difference.
    north, south, more = names("n", 6), names("s", 9), ["x"]
    assert release(
        total__total=north + south + more,
        size_category__large=north + more,
        size_category__little=south,
        province__north=north,
        province__south=south + more,
    ) == {"province__north": "secondary", "province__south": "secondary"}


def test_panel_that_all_but_two_are_in_is_withheld():
    stayed, left = names("p", 12), names("q", 2)
    assert release(total__total=stayed + left, panel__earlier=stayed) == {
        "panel__earlier": "secondary"
    }


def divide(large, middle, little):
    return {
        "total__total": large + middle + little,
        "size_category__large": large,
        "size_category__middle": middle,
        "size_category__little": little,
    }


def test_what_all_of_a_level_chose_is_withheld_and_what_gives_it_away():
    # All seven of the middle chose it, of the six large ones two, of the ten little ones five.
    large, middle, little = names("l", 6), names("m", 7), names("s", 10)
    own = middle + large[:2] + little[:5]
    assert release({"a": own}, **divide(large, middle, little)) == {
        "size_category__middle": "secondary", "size_category__large": "secondary",
    }  # fmt: skip
    assert release({"a": own[1:]}, **divide(large, middle, little)) == {}
    assert release(**divide(large, middle, little)) == {}


def test_two_levels_that_all_chose_do_not_hide_each_other():
    large, middle, little = names("l", 6), names("m", 7), names("s", 10)
    withheld = release({"a": large + middle + little[:3]}, **divide(large, middle, little))
    assert withheld.keys() == {f"size_category__{label}" for label in ("large", "middle", "little")}


def test_of_one_answer_the_options_that_nobody_chose_go_with_the_one_that_all_chose():
    north, south, west = names("n", 6), names("s", 7), names("w", 8)
    answers = {"a": north + south[:2], "b": south[2:] + west[:4], "c": west[4:]}
    sets = {"total__total": north + south + west, "province__north": north,
            "province__south": south, "province__west": west}  # fmt: skip
    assert release(answers, **sets).keys() == {"province__north", "province__south"}


def test_one_alone_in_its_province_and_size_is_not_told_to_be_the_one_who_chose():
    # One of the eight large ones is of the south, and the only one that chose it.
    north, south = names("n", 12), names("s", 9)
    large, little = [*north[:7], south[0]], [*north[7:], *south[1:]]
    sets = {"total__total": north + south, "province__north": north, "province__south": south,
            "size_category__large": large, "size_category__little": little}  # fmt: skip
    assert release(**sets) == {}
    assert release({"a": [south[0]]}, **sets).keys() == {"province__south", "province__north"}
    # Two chose it, one of each: it may be the others of the north and of the little ones.
    assert release({"a": [south[0], north[11]]}, **sets) == {}


def test_of_one_answer_what_nobody_chose_elsewhere_tells_what_is_left():
    # Neither of the other answers was given in the north, so those of it gave the first.
    north, south, west = names("n", 6), names("s", 7), names("w", 8)
    sets = {"total__total": north + south + west, "size_category__large": north + south,
            "size_category__little": west, "panel__earlier": north + west}  # fmt: skip
    answers = {"a": north + south[:3] + west[:2], "b": south[3:] + west[2:4], "c": west[4:]}
    # The panel less the little ones is the north: six, all of the first answer.
    assert release(answers, **sets) == {"panel__earlier": "secondary"}


def test_panel_tells_of_those_who_left_it():
    stayed, left = names("p", 12), names("q", 6)
    sets = {"total__total": stayed + left, "panel__earlier": stayed}
    assert release({"a": stayed[:7]}, **sets) == {}
    # All six who left chose it: the total less the panel.
    assert release({"a": stayed[:7] + left}, **sets) == {"panel__earlier": "secondary"}


def test_what_everyone_who_took_part_chose_is_no_secret():
    north, south = names("n", 6), names("s", 7)
    sets = {"total__total": north + south, "province__north": north, "province__south": south}
    assert release({"a": north + south}, **sets) == {}


def test_option_that_another_edition_did_not_have_tells_nothing_of_the_others():
    # All of the north chose `a`, which has a panel; `b` is new, has none, and would have 0 of 6.
    north, south, west = names("n", 6), names("s", 7), names("w", 8)
    places = {"total": north + south + west, "north": north, "south": south, "west": west}
    chosen = {"a": north + south[:2] + west[:3], "b": south[2:] + west[3:]}
    figures = [
        (2031, "q", f"q.{option}", "total" if level == "total" else "province", level,
         sorted(members), sorted(set(members) & set(own)), False)
        for option, own in chosen.items()
        for level, members in places.items()
    ]  # fmt: skip
    panel = sorted([*north, *south, *west[:5]])
    figures.append((2031, "q", "q.a", "panel", "earlier", panel,
                    sorted(set(panel) & set(chosen["a"])), False))  # fmt: skip
    figures.sort(key=lambda row: row[:5])
    frame = release_sets(figures, MINIMUM, [], guards_answers=True)
    for option in chosen:
        own = frame[(frame["option_key"] == f"q.{option}") & frame["suppression"].notna()]
        assert {"north", "south"} <= set(own["level"]), option

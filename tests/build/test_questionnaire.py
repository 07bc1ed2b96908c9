"""What is told of editions side by side, beside the figures."""


def test_response_is_told_per_edition_against_the_full_frame(warehouse):
    assert warehouse.execute(
        """
        select edition_key, breakdown, sum(frame_count) from marts.mart_response_rates
        group by all order by all
        """
    ).fetchall() == [
        (edition, breakdown, size)
        for edition, size in ((2025, 285), (2027, 285), (2029, 284))
        for breakdown in ("province", "size_category", "total")
    ]


def test_questionnaire_changes_are_those_that_were_rehearsed(warehouse):
    rows = warehouse.execute(
        """
        select change, coalesce(option_key, question_key) from marts.mart_questionnaire_changes
        where from_edition_key = 2025 and to_edition_key = 2027 and change <> 'renumbered'
        order by all
        """
    ).fetchall()
    assert rows == [
        ("added", "discrimination_contact"),
        ("dropped", "share_practice"),
        ("moved", "knows_intersectionality"),
        ("option_added", "themes.poverty"),
        ("option_dropped", "actions.bystander_residents"),
        ("option_merged", "barriers.expertise"),
        ("option_merged", "barriers.expertise_external"),
        ("option_merged", "barriers.expertise_internal"),
        ("option_renamed", "themes.lgbti"),
        ("option_split", "funding.subsidies"),
        ("option_split", "funding.subsidies_flanders"),
        ("option_split", "funding.subsidies_other"),
        ("reworded", "barriers"),
        ("reworded", "cross_service_cooperation"),
        ("routing_changed", "coalition_agreement"),
        ("routing_changed", "contact_email"),
    ]


def test_synthetic_editions_are_marked_in_every_figure(warehouse):
    for table in (
        *("dim_editions", "mart_question_results", "mart_response_rates", "mart_evolution"),
        *("mart_panel_transitions", "mart_change_composition"),
    ):
        assert warehouse.execute(
            f"select bool_and(is_synthetic) from marts.{table}"
        ).fetchone() == (True,)

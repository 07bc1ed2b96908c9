{#
    What a respondent did is kept as strings of bits, one bit per question, option or routing
    condition: a row per respondent, and no join to look one up.
#}
{% macro no_bits(length) -%}
    repeat('0', ({{ length }})::integer)::bit
{%- endmacro %}

{% macro one_bit(number, length) -%}
    set_bit({{ no_bits(length) }}, ({{ number }})::integer, 1)
{%- endmacro %}

{# Whether a bit is set; what has no number always is. #}
{% macro has_bit(bits, number) -%}
    coalesce(get_bit({{ bits }}, ({{ number }})::integer) = 1, true)
{%- endmacro %}

{#
    Whether all literals of a clause hold, given the criteria that are met and those that are failed.
    What is not among the last two is unmet, and unfailed, also without an answer.
#}
{% macro meets_clause(clause, met, failed, perhaps_met, perhaps_failed) -%}
    bit_count({{ met }} & {{ clause }}.met_criteria)
    + bit_count({{ failed }} & {{ clause }}.failed_criteria)
    + bit_count(~{{ perhaps_met }} & {{ clause }}.unmet_criteria)
    + bit_count(~{{ perhaps_failed }} & {{ clause }}.unfailed_criteria)
    = {{ clause }}.literal_count
{%- endmacro %}

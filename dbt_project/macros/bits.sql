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

{# Whether all literals of a clause are among the options that were chosen and rejected. #}
{% macro meets_clause(clause, chosen_options, rejected_options) -%}
    bit_count({{ chosen_options }} & {{ clause }}.chosen_options)
    + bit_count({{ rejected_options }} & {{ clause }}.rejected_options)
    = {{ clause }}.literal_count
{%- endmacro %}

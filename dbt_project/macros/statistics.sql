{# Rounded half up to `decimals` decimals, in whole numbers so that 12.5 never becomes 12. #}
{% macro percentage_half_up(numerator, denominator, decimals) -%}
    (
        (200 * {{ 10 ** decimals }}::bigint * {{ numerator }} + {{ denominator }})
        // nullif(2 * {{ denominator }}, 0)
        / {{ 10 ** decimals }}
    )
{%- endmacro %}

{#
    How far the interval of a difference of two dependent estimates goes on one side (Zou and Donner
    2008, Statistics in Medicine 27, 1693-1702), from how far theirs go.
#}
{% macro square_and_add(first, second, correlation) -%}
    sqrt(greatest(
        power({{ first }}, 2)
        - 2 * {{ correlation }} * ({{ first }}) * ({{ second }}) + power({{ second }}, 2), 0
    ))
{%- endmacro %}

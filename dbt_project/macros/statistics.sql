{# Rounded half up to `decimals` decimals, in whole numbers so that 12.5 never becomes 12. #}
{% macro percentage_half_up(numerator, denominator, decimals) -%}
    (
        (200 * {{ 10 ** decimals }}::bigint * {{ numerator }} + {{ denominator }})
        // nullif(2 * {{ denominator }}, 0)
        / {{ 10 ** decimals }}
    )
{%- endmacro %}

{#
    One bound of the Wilson score interval of a share (Wilson 1927, J. Am. Stat. Assoc. 22,
    209-212), with z^2/n shrunk by the finite population correction 1 - f where `sampled_share` is
    f, the part of the population that took part: 0 where the population is not known.
    `side` is -1 or 1.
#}
{% macro wilson_bound(share, base_count, sampled_share, side) -%}
    {%- set spread -%}
        (power({{ var('confidence_z') }}, 2) * (1 - {{ sampled_share }}) / nullif({{ base_count }}, 0))
    {%- endset -%}
    (
        (
            {{ share }} + {{ spread }} / 2 + {{ side }} * sqrt(
                {{ spread }} * {{ share }} * (1 - {{ share }}) + power({{ spread }}, 2) / 4
            )
        ) / (1 + {{ spread }})
    )
{%- endmacro %}

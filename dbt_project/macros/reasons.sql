{#
    Why two editions can or cannot be compared: a code of vocabulary/lists.py, and what fills the
    places in its text. Whoever shows it says it in their own language.
#}
{% macro reason(code) -%}
    {
        'code': '{{ code }}',
        'arguments': [{% for argument in varargs %}{{ argument }}::varchar{{ ', ' if not loop.last }}{% endfor %}]::varchar[]
    }
{%- endmacro %}

{# Reasons in words, one after another. No text has more than two places. #}
{% macro say_reasons(reasons, text_by_code) -%}
    array_to_string(
        list_transform(
            {{ reasons }},
            lambda part: replace(
                replace(
                    {{ text_by_code }}[part['code']], '{0}', coalesce(part['arguments'][1], '')
                ),
                '{1}', coalesce(part['arguments'][2], '')
            )
        ),
        ' '
    )
{%- endmacro %}

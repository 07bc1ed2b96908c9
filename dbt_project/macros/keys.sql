{% macro municipality_key(nis_code, valid_from) -%}
    {{ nis_code }} || '-' || strftime({{ valid_from }}, '%Y%m%d')
{%- endmacro %}

{# A code of an open question; of the text beside an option, with that option in between. #}
{% macro open_code_key(question_key, option_code, code) -%}
    {{ question_key }} || '.' || coalesce({{ option_code }} || '.', '') || {{ code }}
{%- endmacro %}

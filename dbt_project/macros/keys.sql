{# The edition and the row of its export: where an analyst finds the answers back. #}
{% macro respondent_key(edition_key, row_number) -%}
    {{ edition_key }} || '-' || lpad({{ row_number }}::varchar, 6, '0')
{%- endmacro %}

{% macro municipality_key(nis_code, valid_from) -%}
    {{ nis_code }} || '-' || strftime({{ valid_from }}, '%Y%m%d')
{%- endmacro %}

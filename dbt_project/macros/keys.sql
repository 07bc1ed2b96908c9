{% macro municipality_key(nis_code, valid_from) -%}
    {{ nis_code }} || '-' || strftime({{ valid_from }}, '%Y%m%d')
{%- endmacro %}

{# A code of an open question; of the text beside an option, with that option in between. #}
{% macro open_code_key(question_key, option_code, code) -%}
    {{ question_key }} || '.' || coalesce({{ option_code }} || '.', '') || {{ code }}
{%- endmacro %}

{# What the codebook names by a question and, of a matrix, one of its rows. #}
{% macro asked_key(question_key, item_code) -%}
    {{ question_key }} || coalesce('.' || {{ item_code }}, '')
{%- endmacro %}

{# The base of what is told in one figure: municipalities, where there is a frame of them. #}
{% macro main_base(frame_size) -%}
    if({{ frame_size }} > 0, 'municipalities', 'respondents')
{%- endmacro %}

{#
    What a model declares, in one query: no two rows share its grain (blanks count as equal); a
    column that refers to another model's has only what stands there, or nothing; a column has only
    the values that are listed, or nothing; a required one is never blank.
#}
{% test keeps(model, grain, references={}, values={}, required=[]) %}

select
    'grain: {{ grain | join(" + ") }}' as rule,
    count(*) as finding_count,
from (
    {% if grain[0] == 'respondent_key' and grain | length > 1 %}
    {# The rest of the grain is few: a bit each, and a row per respondent however many answers. #}
    select 1
    from {{ model }} as checked
    inner join (
        select
            *,
            {{ one_bit('row_number() over () - 1', 'count(*) over ()') }} as place,
        from (select distinct {{ grain[1:] | join(', ') }} from {{ model }})
    ) as places
        on
            {% for column in grain[1:] %}
            checked.{{ column }} is not distinct from places.{{ column }}
            {{ 'and' if not loop.last }}
            {% endfor %}
    group by checked.respondent_key
    having count(*) > bit_count(bit_or(places.place))
    {% else %}
    select 1
    from {{ model }}
    group by {{ grain | join(', ') }}
    having count(*) > 1
    {% endif %}
)
having count(*) > 0
{% for column, target in references.items() %}
{% set parent, field = target.split('.') %}
union all by name
select
    'reference: {{ column }} to {{ target }}' as rule,
    count(*) as finding_count,
from (select distinct {{ column }} as value from {{ model }})
anti join (select {{ field }} as value from {{ ref(parent) }}) using (value)
where value is not null
having count(*) > 0
{% endfor %}
{% for column, known in values.items() %}
union all by name
select
    'values: {{ column }}' as rule,
    count(*) as finding_count,
from {{ model }}
where {{ column }} not in ('{{ known | join("', '") }}')
having count(*) > 0
{% endfor %}
{% for column in required %}
union all by name
select
    'required: {{ column }}' as rule,
    count(*) as finding_count,
from {{ model }}
where {{ column }} is null
having count(*) > 0
{% endfor %}

{% endtest %}

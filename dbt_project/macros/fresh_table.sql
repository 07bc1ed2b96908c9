{#
    A table that is simply made. A build works beside the warehouse that people read, so nobody is
    served by making each table under another name and renaming it, as dbt's own does. It has no
    hooks, grants or indexes.
#}
{% materialization fresh_table, adapter='duckdb', supported_languages=['sql', 'python'] %}
    {%- set table = this.incorporate(type='table') -%}
    {% if load_cached_relation(table) %}
        {% do adapter.drop_relation(table) %}
    {% endif %}
    {% call statement('main', language=model['language']) -%}
        {{ create_table_as(False, table, compiled_code, model['language']) }}
    {%- endcall %}
    {% do adapter.commit() %}
    {{ return({'relations': [table]}) }}
{% endmaterialization %}

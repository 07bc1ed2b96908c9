select
    edition_key,
    option_key,
    kind,
    level,
from {{ ref('int_figures') }}
where len(municipality_keys) <> len(list_distinct(municipality_keys))

{# Where there is a frame, nobody answers for nowhere. #}
select respondents.respondent_key
from {{ ref('dim_respondents') }} as respondents
inner join {{ ref('dim_editions') }} as editions using (edition_key)
where editions.frame_size > 0 and respondents.municipality_key is null

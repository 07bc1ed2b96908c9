select
    response_id,
    count(distinct question_key) as answered_question_count,
from landed.question_response
group by all

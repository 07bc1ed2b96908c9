-- One row per option, with how many chose it; what that is a share of is left to the reader, who
-- has nothing but the number of responses.
select
    options.question_key,
    options.option_code,
    count(distinct answers.response_id) as "count",
    (select count(*) from {{ ref('responses') }}) as base,
from landed.question_option as options
left join landed.question_response as answers
    on
        options.question_key = answers.question_key
        and options.option_code = answers.option_code
group by all

-- gives:  links_refused: each trade's links that a check refuses, with the first of its two values
-- source: judging.md §3: any mismatch contradicts
-- reads:  weighed

select trade_id, link, seen, expected
from (
    select
        trade_id, link, seen, expected,
        row_number() over (
            partition by trade_id, link
            order by code, field nulls first, seen nulls first, expected nulls first
        ) as place
    from weighed
    where weight = 'refuse' and trade_id is not null and link is not null
) as ranked
where place = 1

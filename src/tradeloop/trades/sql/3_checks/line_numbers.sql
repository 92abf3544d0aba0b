-- finding: line-number-gap
-- asks:    Whose line numbers do not run from 1 without a gap?
-- source:  R4: gnum counts from 1
-- reads:   order_lines_of_trade, list_lines_of_trade
-- blind to: lines without a number

select
    trade_id, 'line-number-gap' as code, file, message, record, 0 as line,
    'gnum' as field, cast(min(gnum) as string) || ' to ' || cast(max(gnum) as string) as seen,
    '1 to ' || cast(count(*) as string) as expected
from (
    select trade_id, file, message, record, gnum from order_lines_of_trade where gnum is not null
    union all
    select trade_id, file, message, record, gnum from list_lines_of_trade where gnum is not null
) as n
group by trade_id, file, message, record
having min(gnum) <> 1 or max(gnum) <> count(*) or count(distinct gnum) <> count(*)

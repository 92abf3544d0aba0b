-- finding: line-total-differs
-- asks:    On which lines is quantity times price not the total?
-- source:  R5; judging.md §4: 0.01 of the currency for each line
-- reads:   order_lines_of_trade, list_lines_of_trade, tolerances
-- blind to: lines that lack one of the three

select
    n.trade_id, 'line-total-differs' as code, n.file, n.message, n.record, n.line,
    'totalPrice' as field, cast(n.total_price as string) as seen,
    cast(n.qty as string) || ' × ' || cast(n.price as string) as expected
from (
    select trade_id, file, message, record, line, qty, price, total_price from order_lines_of_trade
    union all
    select trade_id, file, message, record, line, qty, price, total_price from list_lines_of_trade
) as n
cross join tolerances as t
where abs(cast(n.qty as decimal(28, 5)) * n.price - n.total_price) > t.line_total

-- gives:  list_lines_of_trade: the lines of the lists that stand
-- source: R4
-- reads:  list_lines, trade_lists, list_states

select
    l.trade_id, l.list_id, l.statistics_flag, n.file, n.message, n.record, n.line, n.gnum, n.item_no, n.gcode,
    n.country, n.unit, n.unit1, n.unit2, n.currency, n.qty, n.price, n.total_price
from list_lines as n
join trade_lists as l on l.file = n.file and l.message = n.message and l.record = n.record
join list_states as s on s.list_id = l.list_id
where s.stands

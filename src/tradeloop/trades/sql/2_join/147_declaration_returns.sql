-- gives:  declaration_returns: goods of a declaration or list in table form that came back, with what they were worth
-- source: judging.md §2, §5: by the original number; where a declaration holds several trades, by the trade that is named
-- reads:  return_table_lines, return_table_papers, trade_declarations, declaration_lines, market_records
-- blind to: a return that names no trade of a declaration that holds several

with
    lines as (
        select
            n.file, n.message, n.record, n.line_no, min(n.qty) as qty, min(n.price) as price, count(*) as copies
        from declaration_lines as n
        group by n.file, n.message, n.record, n.line_no
    )

select
    d.trade_id, d.entry_id, d.records, h.file, h.message, h.record, n.line, n.line_no, n.qty, h.trade_no,
    case when l.copies = 1 then l.qty end as declared_qty,
    case when l.copies = 1 then l.price end as declared_price,
    h.trade_no = m.trade_no or (h.trade_no is null and d.records <= 1) as belongs
from return_table_papers as h
join return_table_lines as n on n.file = h.file and n.message = h.message and n.record = h.record
join trade_declarations as d on d.entry_id = h.number
left join market_records as m on m.trade_id = d.trade_id
left join lines as l on l.file = d.file and l.message = d.message and l.record = d.record and l.line_no = n.line_no
where h.version = 1 and (h.trade_no is null or m.trade_no is null or m.trade_no = h.trade_no)

-- gives:  declaration_returns: goods of a declaration or list in table form that came back, with what they were worth
-- source: judging.md §2, §5: by the original number; where a declaration holds several trades, by the trade that is named
-- reads:  return_table_lines, return_table_papers, trade_declarations, declaration_lines, market_records
-- blind to: whose goods came back where a return names no trade of a declaration that holds several; they count for each

with
    lines as (
        select
            n.file, n.message, n.record, n.line_no, min(n.qty) as qty, min(n.price) as price, count(*) as copies
        from declaration_lines as n
        group by n.file, n.message, n.record, n.line_no
    ),
    fitting as (
        select
            d.trade_id, d.entry_id, d.records, d.file as d_file, d.message as d_message, d.record as d_record,
            h.file, h.message, h.record, h.trade_no,
            case when h.trade_no = m.trade_no then 1 else 0 end as named,
            max(case when h.trade_no = m.trade_no then 1 else 0 end)
                over (partition by h.file, h.message, h.record) as any_named
        from return_table_papers as h
        join trade_declarations as d on d.entry_id = h.number
        left join market_records as m on m.trade_id = d.trade_id
        where h.version = 1
    )

select
    f.trade_id, f.entry_id, f.records, f.file, f.message, f.record, n.line, n.line_no, n.qty, f.trade_no,
    case when l.copies = 1 then l.qty end as declared_qty,
    case when l.copies = 1 then l.price end as declared_price,
    f.named = 1 or f.records <= 1 as belongs
from fitting as f
join return_table_lines as n on n.file = f.file and n.message = f.message and n.record = f.record
left join lines as l
    on l.file = f.d_file and l.message = f.d_message and l.record = f.d_record and l.line_no = n.line_no
where f.named = f.any_named

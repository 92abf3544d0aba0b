-- gives:  list_returns: goods that came back, for each line of each list, with what they were worth
-- source: judging.md §7: a return lowers the declared amount; judging.md §1: by the original list's number
--         a table of returned goods may name a list too (judging.md §5)
-- reads:  return_lines, return_papers, return_table_lines, return_table_papers, list_states, list_lines_of_trade,
--         answer_papers
-- blind to: returns that customs rejected

with
    answers_latest as (
        select agent, coalesce(co_el_no, cop_no) as number, max(return_time) as last_time
        from answer_papers where kind = 'CEB214' group by agent, coalesce(co_el_no, cop_no)
    ),
    rejected as (
        select distinct a.agent, l.number
        from answer_papers as a
        join answers_latest as l
            on l.agent = a.agent and l.number = coalesce(a.co_el_no, a.cop_no) and l.last_time = a.return_time
        where a.kind = 'CEB214' and (a.status = 100 or a.status < 0)
    )

select
    s.trade_id, s.list_id, h.file, h.message, h.record, n.line, n.gnum, n.qty,
    l.qty as list_qty, l.price as list_price
from return_lines as n
join return_papers as h on h.file = n.file and h.message = n.message and h.record = n.record
join list_states as s on s.invt_no = h.invt_no
left join list_lines_of_trade as l on l.list_id = s.list_id and l.gnum = n.gnum
left join rejected as r on r.agent = h.agent and r.number = h.co_el_no
where h.version = 1 and coalesce(h.app_type, '1') <> '3' and coalesce(h.app_status, '2') <> '1'
    and r.number is null
union all
select
    s.trade_id, s.list_id, h.file, h.message, h.record, n.line, n.line_no, n.qty,
    l.qty as list_qty, l.price as list_price
from return_table_lines as n
join return_table_papers as h on h.file = n.file and h.message = n.message and h.record = n.record
join list_states as s on s.invt_no = h.number
left join list_lines_of_trade as l on l.list_id = s.list_id and l.gnum = n.line_no
where h.version = 1

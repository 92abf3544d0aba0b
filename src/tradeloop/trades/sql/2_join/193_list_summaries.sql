-- gives:  list_summaries: each list with the summary applications that name its number
-- source: R9
-- reads:  summary_lines, summary_papers, trade_lists, list_states
-- blind to: applications over a range of time, which ignore their lines

select
    s.trade_id, s.list_id, h.file, h.message, h.record, n.line, h.agent, h.cop_no, h.ebc_code, h.app_time
from summary_lines as n
join summary_papers as h on h.file = n.file and h.message = n.message and h.record = n.record
join list_states as s on s.invt_no = n.invt_no
where h.version = 1 and coalesce(h.app_type, '1') <> '3' and coalesce(h.app_status, '2') <> '1'
    and h.start_time is null

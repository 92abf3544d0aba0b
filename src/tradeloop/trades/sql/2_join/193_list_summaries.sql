-- gives:  list_summaries: each list with the summary applications that name its number
-- source: R9
-- reads:  summary_lines, summary_papers, list_states, firm_spells, notes_rejected
-- blind to: applications over a range of time, which ignore their lines

select
    s.trade_id, s.list_id, h.file, h.message, h.record, n.line, h.agent, h.cop_no, h.ebc_code, coalesce(f.firm, h.ebc_code) as firm
from summary_lines as n
join summary_papers as h on h.file = n.file and h.message = n.message and h.record = n.record
join list_states as s on s.invt_no = n.invt_no
left join firm_spells as f
    on f.code = h.ebc_code and h.app_time >= f.from_time and (f.until_time is null or h.app_time < f.until_time)
left join notes_rejected as r on r.kind = 'CEB702' and r.cop_no = h.cop_no
where r.cop_no is null and h.version = 1 and coalesce(h.app_type, '1') <> '3' and coalesce(h.app_status, '2') <> '1'
    and h.start_time is null

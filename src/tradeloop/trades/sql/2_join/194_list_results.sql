-- gives:  list_results: each list with the lines of the summary results that name its number
-- source: R9: (invtNo, gnum, gcode) to declSeqNo and entryId
-- reads:  summary_result_lines, result_papers, list_states

select
    s.trade_id, s.list_id, h.file, h.message, h.record, n.line, n.gnum, n.gcode, h.decl_seq_no, h.entry_id
from summary_result_lines as n
join result_papers as h on h.file = n.file and h.message = n.message and h.record = n.record
join list_states as s on s.invt_no = n.invt_no
where h.version = 1

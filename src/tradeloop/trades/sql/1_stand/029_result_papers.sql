-- gives:  result_papers: every version of every part of a summary result; version 1 is the one that counts
-- source: judging.md §1; R6: a declared version before drafts, then the latest
-- reads:  summary_results, firm_spells

select
    p.file, p.message, p.record, p.guid, p.sum_no, p.decl_seq_no, p.entry_id, p.msg_seq_no,
    p.agent_code, coalesce(s.firm, p.agent_code) as agent,
    p.op_date as app_time, cast(null as string) as app_type, cast(null as string) as app_status,
    row_number() over (
        partition by p.sum_no, p.decl_seq_no, p.msg_seq_no
        order by
            p.op_date desc nulls last,
            p.guid desc nulls last, p.file, p.message, p.record
    ) as version
from summary_results as p
left join firm_spells as s
    on s.code = p.agent_code
    and coalesce(p.op_date, timestamp '9999-01-01') >= s.from_time
    and (s.until_time is null or coalesce(p.op_date, timestamp '9999-01-01') < s.until_time)

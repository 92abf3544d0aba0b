-- gives:  summary_papers: every version of every part of a summary application; version 1 is the one that counts
-- source: judging.md §1; R6: a declared version before drafts, then the latest
-- reads:  summaries, firm_spells

select
    p.file, p.message, p.record, p.guid, p.cop_no, p.msg_seq_no, p.sum_no, p.ebc_code, p.start_time,
    p.agent_code, coalesce(s.firm, p.agent_code) as agent,
    p.app_time, p.app_type, p.app_status,
    row_number() over (
        partition by coalesce(s.firm, p.agent_code), p.cop_no, p.msg_seq_no
        order by
            case when p.app_status = '1' then 1 else 0 end, p.app_time desc nulls last,
            p.app_type desc nulls last, p.guid desc nulls last, p.file, p.message, p.record
    ) as version
from summaries as p
left join firm_spells as s
    on s.code = p.agent_code
    and coalesce(p.app_time, timestamp '9999-01-01') >= s.from_time
    and (s.until_time is null or coalesce(p.app_time, timestamp '9999-01-01') < s.until_time)

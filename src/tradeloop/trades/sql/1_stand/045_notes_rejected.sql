-- gives:  notes_rejected: manifests, arrival and departure notes and summary applications that customs rejected
-- source: judging.md §1: 508, 510, 608 by (copNo, msgSeqNo), 702 by (agentCode, copNo); the latest answer counts
-- reads:  answer_papers
-- blind to: answers that bear no copNo

with
    notes as (
        select kind, cop_no, case when kind = 'CEB702' then null else msg_seq_no end as part, return_time, status
        from answer_papers
        where kind in ('CEB508', 'CEB510', 'CEB608', 'CEB702') and decides and cop_no is not null
    ),
    last as (
        select kind, cop_no, part, max(return_time) as last_time from notes group by kind, cop_no, part
    )

select distinct n.kind, n.cop_no, n.part
from notes as n
join last as l
    on l.kind = n.kind and l.cop_no = n.cop_no and l.part is not distinct from n.part and l.last_time = n.return_time
where n.status = 100 or n.status < 0

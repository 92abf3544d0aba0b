-- gives:  return_table_papers: every version of every table of returned goods; version 1 is the one that counts
-- source: judging.md §5; known by the original number, the trade and the day
-- reads:  return_tables

select
    r.file, r.message, r.record, r.number, r.trade_no, r.returned_on, r.updated_at,
    row_number() over (
        partition by r.number, r.trade_no, r.returned_on
        order by r.updated_at desc nulls last, r.file, r.message, r.record
    ) as version
from return_tables as r
where r.number is not null

-- gives:  declaration_owners: the firm and the number of each trade that a declaration belongs to
-- source: judging.md §1: a declaration belongs to the trade records that name it, else to its consignor's contract,
--         else it opens a trade under its own number; one that another replaces hands its records on
-- reads:  declaration_papers, record_papers
-- blind to: what a declaration that was replaced more than twice hands on

with
    amended as (
        select amends as entry_id, max(entry_id) as by_entry_id
        from declaration_papers
        where version = 1 and amends is not null and amends <> entry_id and coalesce(status, '') <> 'deleted'
        group by amends
    ),
    replaced as (
        -- one that took another's place may have been replaced in its turn
        select a.entry_id, coalesce(b.by_entry_id, a.by_entry_id) as by_entry_id
        from amended as a
        left join amended as b on b.entry_id = a.by_entry_id and b.by_entry_id <> a.entry_id
    ),
    named as (
        select
            r.firm, r.trade_no as number,
            coalesce(p.by_entry_id, r.declaration_no) as entry_id
        from record_papers as r
        left join replaced as p on p.entry_id = r.declaration_no
        where r.version = 1 and r.declaration_no is not null
    ),
    counted as (
        select entry_id, count(*) as records from named group by entry_id
    )

select
    d.entry_id, d.file, d.message, d.record, p.by_entry_id,
    coalesce(n.firm, d.firm) as firm, coalesce(n.number, d.contract_no, p.by_entry_id, d.entry_id) as number,
    coalesce(c.records, 0) as records
from declaration_papers as d
left join replaced as p on p.entry_id = d.entry_id
left join counted as c on c.entry_id = coalesce(p.by_entry_id, d.entry_id)
left join named as n on n.entry_id = coalesce(p.by_entry_id, d.entry_id)
where d.version = 1 and d.firm is not null

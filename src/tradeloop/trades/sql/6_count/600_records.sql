-- gives:  records: for each kind of paper what came in and what became of it
-- source: judging.md §6: records in = facts + repeats + rejected
-- reads:  counts, orders, lists, waybills, collections, answers, order_versions, list_versions, flat_versions,
--         cancellation_papers, manifest_papers, arrival_papers, departure_papers, summary_papers, result_papers,
--         return_papers, firms, trade_records, packing_lists, declarations, invoices, contracts, goods_receipts, payments,
--         return_tables, evidence, paper_versions
-- blind to: nothing; a changed version of a paper is a fact of its own

with
    came as (
        select kind, cast(sum(records) as bigint) as records, cast(sum(rejected) as bigint) as rejected
        from counts
        group by kind
    ),
    answers_once as (
        select kind, count(*) as copies
        from answers
        group by
            kind, guid, order_no, ebp_code, ebc_code, agent_code, operator_code, logistics_code, logistics_no, cop_no,
            co_el_no, invt_no, pre_no, pay_no, bill_no, sum_no, msg_seq_no, return_status, return_time
    ),
    in_tables as (
        select 'MP.trade' as kind, count(*) as facts from trade_records
        union all
        select 'packing_list', count(*) from packing_lists
        union all
        select 'CN.declaration', count(*) from declarations
        union all
        select 'CN.einvoice', count(*) from invoices
        union all
        select 'contract', count(*) from contracts
        union all
        select 'goods_receipt', count(*) from goods_receipts
        union all
        select 'statement', count(*) from payments
        union all
        select 'return_table', count(*) from return_tables
    ),
    held as (
        select 'CEB303' as kind, (select count(*) from orders) as facts,
            (select count(*) from order_versions where same) as repeats
        union all
        select 'CEB603', (select count(*) from lists), (select count(*) from list_versions where same)
        union all
        select 'CEB505', (select count(*) from waybills),
            (select count(*) from flat_versions where same and kind = 'CEB505')
        union all
        select 'CEB403', (select count(*) from collections),
            (select count(*) from flat_versions where same and kind = 'CEB403')
        union all
        select 'CEB605', count(*), count(case when version > 1 then 1 end) from cancellation_papers
        union all
        select 'CEB607', count(*), count(case when version > 1 then 1 end) from manifest_papers
        union all
        select 'CEB507', count(*), count(case when version > 1 then 1 end) from arrival_papers
        union all
        select 'CEB509', count(*), count(case when version > 1 then 1 end) from departure_papers
        union all
        select 'CEB701', count(*), count(case when version > 1 then 1 end) from summary_papers
        union all
        select 'CEB792', count(*), count(case when version > 1 then 1 end) from result_papers
        union all
        select 'CEB213', count(*), count(case when version > 1 then 1 end) from return_papers
        union all
        select 'CN.firm', (select count(*) from firms), 0
        union all
        select 'evidence', (select count(*) from evidence), 0
        union all
        select t.kind, t.facts, coalesce(v.repeats, 0)
        from in_tables as t
        left join (select paper, count(*) as repeats from paper_versions where same group by paper) as v on v.paper = t.kind
        union all
        select kind, cast(sum(copies) as bigint), cast(sum(copies - 1) as bigint) from answers_once group by kind
    )

select
    c.kind, c.records, coalesce(h.facts, 0) - coalesce(h.repeats, 0) as facts,
    -- what a file of the same bytes brought again never became a fact
    coalesce(h.repeats, 0) + c.records - c.rejected - coalesce(h.facts, 0) as repeats,
    c.rejected
from came as c
left join held as h on h.kind = c.kind

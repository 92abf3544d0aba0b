-- gives:  trade_keys: each (firm, order number) that opens a trade, and that trade's number
-- source: judging.md §1: an order, a list, a trade record, a declaration in table form or a contract opens a trade;
--         everything else attaches to one
-- reads:  order_papers, list_papers, key_mergers, record_papers, contract_papers, declaration_owners

with
    openers as (
        select firm, order_no from order_papers where version = 1
        union
        select firm, order_no from list_papers where version = 1
        union
        select other_firm, order_no from key_mergers
        union
        select firm, trade_no from record_papers where version = 1
        union
        select firm, no from contract_papers where version = 1
        union
        select firm, number from declaration_owners
    ),
    merged as (
        select o.firm, o.order_no, coalesce(m.firm, o.firm) as trade_firm, m.firm is not null as was_merged
        from openers as o
        left join key_mergers as m on m.other_firm = o.firm and m.order_no = o.order_no
    ),
    numbered as (
        select
            trade_firm, order_no, max(case when was_merged then 1 else 0 end) as unresolved,
            row_number() over (order by trade_firm, order_no) as trade_id
        from merged
        group by trade_firm, order_no
    )

select m.firm, m.order_no, n.trade_id, n.trade_firm, n.unresolved
from merged as m
join numbered as n on n.trade_firm = m.trade_firm and n.order_no = m.order_no

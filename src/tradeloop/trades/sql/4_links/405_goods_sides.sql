-- gives:  goods_sides: for each trade of this family which papers are here and what both sides of each link say
-- source: judging.md §2; V1-V4, V7: only what has happened by the day of judging counts
-- reads:  trade, goods_sums, market_records, trade_contracts, trade_orders, trade_packing, trade_declarations,
--         trade_invoices, trade_receipts, trade_payments, trade_collections, trade_terms, paper_lines, judging, tolerances

with
    packed as (
        select trade_id, count(*) as packing_lists, min(no) as packing_no, cast(sum(gross_kg) as decimal(28, 5)) as gross_kg
        from trade_packing group by trade_id
    ),
    declared as (
        select
            d.trade_id, count(*) as declarations, min(d.entry_id) as entry_id, min(d.consignor) as consignor,
            min(case when d.released and coalesce(d.released_at < cast(j.on_date as timestamp) + interval '1' day, true)
                then 1 else 0 end) as all_released, max(d.released_at) as released_at,
            min(case when d.left_at < cast(j.on_date as timestamp) + interval '1' day then 1 else 0 end) as all_left,
            max(d.left_at) as left_at, min(d.status) as status, min(d.currency) as currency,
            max(case when d.currency = 'USD' then 0 else 1 end) as other_currency,
            max(d.total) as total, cast(sum(d.gross_kg) as decimal(28, 5)) as gross_kg
        from trade_declarations as d
        cross join judging as j
        where d.stands
        group by d.trade_id
    ),
    billed as (
        select i.trade_id, count(*) as invoices
        from trade_invoices as i
        cross join judging as j
        where i.stands and i.issued_on <= j.on_date
        group by i.trade_id
    ),
    received as (
        select g.trade_id, count(*) as receipts, min(g.no) as receipt_no
        from trade_receipts as g
        cross join judging as j
        where g.received_on <= j.on_date
        group by g.trade_id
    ),
    paid as (
        select
            trade_id, count(*) as payments, sum(case when amount is null or currency is null then 0 else 1 end) as payments_whole,
            cast(sum(amount) as decimal(28, 5)) as paid
        from trade_payments group by trade_id
    ),
    collected as (
        select distinct trade_id from trade_collections where not rejected and charge is not null
    ),
    lined as (
        select distinct trade_id from paper_lines where paper in ('record', 'contract')
    )

select
    t.trade_id, t.mode, t.dated_at,
    r.trade_no, coalesce(p.packing_lists, 0) as packing_lists, p.packing_no, p.gross_kg as packed_kg,
    coalesce(d.declarations, 0) as declarations, d.entry_id, d.all_released, d.released_at, d.all_left, d.left_at, d.status,
    d.currency as declared_in, d.other_currency, d.total as declared_total, d.gross_kg as declared_kg,
    o.order_no, c.no as contract_no, c.kind as contract_kind,
    coalesce(b.invoices, 0) as invoices, coalesce(g.receipts, 0) as receipts, g.receipt_no,
    coalesce(y.payments, 0) as payments, coalesce(y.payments_whole, 0) as payments_whole, y.paid,
    k.trade_id is not null as collected, n.trade_id is not null as lined, r.agent_uscc, d.consignor,
    s.amount, s.currency, s.declared, s.declared_currency, s.billed, s.received,
    coalesce(r.purchaser_name, c.buyer_name) as buyer_name, coalesce(r.purchaser_country, c.buyer_country) as buyer_country,
    coalesce(r.purchaser_id_no, c.buyer_id_no) as buyer_id_no,
    m.due_on, m.rule, q.invoice_bp, q.weight_bp, q.collection, q.declared_usd_max, q.credit_days_max, q.date_slack_days
from trade as t
join goods_sums as s on s.trade_id = t.trade_id
left join market_records as r on r.trade_id = t.trade_id
left join trade_contracts as c on c.trade_id = t.trade_id
left join trade_orders as o on o.trade_id = t.trade_id and o.stands
left join packed as p on p.trade_id = t.trade_id
left join declared as d on d.trade_id = t.trade_id
left join billed as b on b.trade_id = t.trade_id
left join received as g on g.trade_id = t.trade_id
left join paid as y on y.trade_id = t.trade_id
left join collected as k on k.trade_id = t.trade_id
left join lined as n on n.trade_id = t.trade_id
left join trade_terms as m on m.trade_id = t.trade_id
cross join tolerances as q

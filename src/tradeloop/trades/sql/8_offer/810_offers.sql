-- gives:  offers: every judged trade as an insurer wants to know it: to whom it was sold, on what credit, when it left
-- source: domain.md §2.3, preconditions of market-procurement cover; shipment is the day on which the last goods left
--         the country, as customs tell of it
-- reads:  verdicts, trade, market_records, trade_contracts, trade_terms, trade_declarations, trade_payments
-- blind to: goods whose papers tell of no departure; they have not been shipped yet

with
    largest as (
        -- one declaration may be of many trades; the largest of a trade's own is what the mode bounds
        select trade_id, entry_id, currency, fob, left_on
        from (
            select
                trade_id, entry_id, currency, fob, cast(max(left_at) over (partition by trade_id) as date) as left_on,
                row_number() over (
                    partition by trade_id order by fob desc nulls first, entry_id
                ) as place
            from trade_declarations
            where stands and released
        ) as ranked
        where place = 1
    ),
    collected as (
        select p.trade_id, cast(sum(p.amount) as decimal(28, 5)) as amount
        from trade_payments as p
        join largest as d on d.trade_id = p.trade_id and p.paid_on < d.left_on
        join market_records as r on r.trade_id = p.trade_id and r.currency = p.currency
        group by p.trade_id
    )

select
    v.trade, t.mode, v.grade, v.currency, v.verified_minor, t.firm as seller,
    coalesce(r.purchaser_name, c.buyer_name) as buyer_name,
    coalesce(r.purchaser_country, c.buyer_country) as buyer_country,
    coalesce(r.purchaser_id_no, c.buyer_id_no, c.buyer_uscc) as buyer_number,
    coalesce(r.purchaser_id_type, case when c.buyer_uscc is not null then 'uscc' end) as buyer_number_kind,
    coalesce(r.confirmed_at, t.dated_at) as recorded_at, m.due_on, m.payment_method, d.left_on as shipped_on,
    d.entry_id, d.currency as declared_currency, d.fob as declared, k.amount as collected
from verdicts as v
join trade as t on t.trade = v.trade
left join market_records as r on r.trade_id = t.trade_id
left join trade_contracts as c on c.trade_id = t.trade_id and r.trade_id is null
left join trade_terms as m on m.trade_id = t.trade_id
left join largest as d on d.trade_id = t.trade_id
left join collected as k on k.trade_id = t.trade_id

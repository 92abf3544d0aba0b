-- gives:  declaration_claims: what all trades that stand on one declaration claim of it together, for each currency and basis
-- source: judging.md §2: several trade records may go on one declaration; together they are at most what it declares
-- reads:  trade_declarations, goods_sums, market_records
-- blind to: trade records without an amount

with
    claims as (
        select
            d.entry_id, s.currency, s.price_basis, count(*) as trades, count(s.amount) as amounts,
            cast(sum(s.amount) as decimal(28, 5)) as claimed
        from trade_declarations as d
        join goods_sums as s on s.trade_id = d.trade_id
        join market_records as r on r.trade_id = d.trade_id
        where d.stands
        group by d.entry_id, s.currency, s.price_basis
    )

select
    entry_id, currency, price_basis, claimed,
    cast(sum(claimed) over (partition by entry_id, currency) as decimal(28, 5)) as claimed_on_all_bases,
    count(*) over (partition by entry_id) as kinds,
    sum(trades) over (partition by entry_id) as trades,
    sum(amounts) over (partition by entry_id) as amounts
from claims

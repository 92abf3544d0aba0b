-- gives:  declaration_claims: what all trades that stand on one declaration claim of it together
-- source: judging.md §2: several trade records may go on one declaration; together they are at most what it declares
-- reads:  trade_declarations, goods_sums, market_records
-- blind to: trades that name several declarations

select
    d.entry_id, count(*) as trades, min(s.currency) as currency, max(s.currency) as currency_high,
    count(s.amount) as amounts, cast(sum(s.amount) as decimal(28, 5)) as claimed,
    min(s.price_basis) as price_basis, max(s.price_basis) as price_basis_high
from trade_declarations as d
join goods_sums as s on s.trade_id = d.trade_id
join market_records as r on r.trade_id = d.trade_id
where d.stands
group by d.entry_id

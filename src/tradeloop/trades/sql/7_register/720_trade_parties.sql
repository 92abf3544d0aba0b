-- gives:  trade_parties: who sells and, where a paper says so, who buys; to find the same goods under another number
-- source: design.md §5 of the registry, twins
-- reads:  trade, market_records, trade_contracts

select
    t.trade, t.firm as seller,
    coalesce(r.purchaser_id_no, r.purchaser_name, c.buyer_id_no, c.buyer_name) as buyer
from trade as t
left join market_records as r on r.trade_id = t.trade_id
left join trade_contracts as c on c.trade_id = t.trade_id

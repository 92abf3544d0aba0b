-- gives:  owed: what each proven trade is worth for the purpose, by whom it is owed and when it falls due
-- source: judging.md §2, §5; one buyer is known by country and identity number, else by the letters of the name
-- reads:  verdicts, trade, market_records, trade_contracts, trade_terms
-- blind to: buyers of parcels, who are many and have paid

select
    v.trade, v.purpose, t.mode,
    -- numbered, for the identity number of a person leaves nothing here
    dense_rank() over (order by coalesce(
        coalesce(r.purchaser_country, c.buyer_country, '') || '/' || translate(upper(coalesce(r.purchaser_id_no, c.buyer_id_no, c.buyer_uscc)), ' .-/', ''),
        translate(upper(coalesce(r.purchaser_name, c.buyer_name)), ' .,()&-''', '')
    ) nulls last) as buyer,
    coalesce(r.purchaser_name, c.buyer_name) as buyer_name,
    coalesce(r.purchaser_country, c.buyer_country) as buyer_country,
    m.due_on, m.rule, v.currency, v.verified_minor
from verdicts as v
join trade as t on t.trade = v.trade
left join market_records as r on r.trade_id = t.trade_id
left join trade_contracts as c on c.trade_id = t.trade_id and r.trade_id is null
left join trade_terms as m on m.trade_id = t.trade_id
where v.grade = 'proven' and v.verified_minor > 0

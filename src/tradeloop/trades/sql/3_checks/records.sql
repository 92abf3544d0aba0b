-- finding: record-exceeds-declared, partly-recorded, currency-differs, mode-differs, consignor-differs, goods-not-declared, declaration-over-limit
-- asks:    Does the declaration that a trade record names declare what the record says, by that agent, within the limit?
-- source:  judging.md §2: 1039, at most USD 150,000 a declaration; several records may go on one; judging.md §4
-- reads:   market_records, trade_declarations, declaration_claims, paper_lines, tolerances
-- blind to: trade records without a declaration; records on different price bases, by less than freight and insurance

with
    backed as (
        select
            r.trade_id, r.file, r.message, r.record, r.trade_no, r.amount, r.currency, r.written_currency, r.price_basis, r.agent_uscc,
            d.entry_id, d.file as d_file, d.message as d_message, d.record as d_record, d.mode, d.consignor,
            d.currency as declared_currency,
            case r.price_basis when 'CFR' then d.cfr when 'CIF' then d.cif else d.fob end as declared,
            c.trades, c.claimed,
            -- on different bases together they are at most the widest
            d.cif as declared_at_most, c.claimed_on_all_bases,
            c.kinds = 1 and c.amounts = c.trades as comparable
        from market_records as r
        join trade_declarations as d on d.trade_id = r.trade_id and d.stands
        left join declaration_claims as c
            on c.entry_id = d.entry_id and c.currency = r.currency and c.price_basis = r.price_basis
    ),
    chapters as (
        select distinct trade_id, substr(hs, 1, 2) as chapter from paper_lines where paper = 'declaration' and hs is not null
    ),
    declared_chapters as (
        select trade_id, count(*) as chapters, min(chapter) as first_chapter, max(chapter) as last_chapter
        from chapters group by trade_id
    )

select
    trade_id, 'record-exceeds-declared' as code, file, message, record, 0 as line, 'amount' as field,
    cast(case when claimed - declared > t.collection then claimed else claimed_on_all_bases end as string) as seen,
    'at most ' || cast(case when claimed - declared > t.collection then declared else declared_at_most end as string)
        || ' of declaration ' || entry_id
        || case when trades > 1 then ' for ' || cast(trades as string) || ' trades together' else '' end as expected
from backed
cross join tolerances as t
where currency = declared_currency
    and (claimed - declared > t.collection or claimed_on_all_bases - declared_at_most > t.collection)
union all
select
    trade_id, 'partly-recorded' as code, d_file, d_message, d_record, 0 as line, 'total' as field,
    cast(declared as string) as seen, cast(claimed as string) || ' in the trade records here' as expected
from backed
cross join tolerances as t
where comparable and currency = declared_currency and declared - claimed > t.collection
union all
select
    trade_id, 'currency-differs' as code, file, message, record, 0 as line, 'currency' as field,
    written_currency as seen, declared_currency as expected
from backed
where currency <> declared_currency
union all
select
    trade_id, 'mode-differs' as code, d_file, d_message, d_record, 0 as line, 'mode' as field, mode as seen, '1039' as expected
from backed
where mode <> '1039'
union all
select
    trade_id, 'consignor-differs' as code, file, message, record, 0 as line, 'agent_uscc' as field,
    agent_uscc as seen, consignor as expected
from backed
where agent_uscc <> consignor and length(agent_uscc) = length(consignor)
union all
select
    n.trade_id, 'goods-not-declared' as code, n.file, n.message, n.record, n.line, 'hs' as field, n.hs as seen,
    case when d.chapters = 1 then 'chapter ' || d.first_chapter
        else 'one of ' || cast(d.chapters as string) || ' chapters from ' || d.first_chapter || ' to ' || d.last_chapter end as expected
from paper_lines as n
join declared_chapters as d on d.trade_id = n.trade_id
left join chapters as c on c.trade_id = n.trade_id and c.chapter = substr(n.hs, 1, 2)
where n.paper = 'record' and n.hs is not null and c.chapter is null
union all
select
    d.trade_id, 'declaration-over-limit' as code, d.file, d.message, d.record, 0 as line, 'total' as field,
    'USD ' || cast(d.total as string) as seen, 'at most USD ' || cast(t.declared_usd_max as string) as expected
from trade_declarations as d
cross join tolerances as t
where d.stands and d.mode = '1039' and d.currency = 'USD' and d.total > t.declared_usd_max

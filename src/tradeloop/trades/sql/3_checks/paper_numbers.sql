-- finding: declaration-number-malformed, invoice-number-malformed, hs-malformed, firm-code-malformed, trade-mode-not-judged, trade-mode-unknown, customs-office-unknown, customs-office-malformed
-- asks:    Which numbers and codes of papers in table form cannot be right, or are not in our tables?
-- source:  judging.md §5: 18 digits, 20 digits, credit codes by GB 32100-2015; HS of four digits or more, ten in a declaration
-- reads:   market_records, trade_declarations, trade_contracts, trade_invoices, trade_receipts, paper_lines, firm_codes, trade_modes,
--          customs_offices, requirements
-- blind to: serial numbers that are well-formed and were never given

with
    firms as (
        select trade_id, file, message, record, 'merchant_uscc' as field, merchant_uscc as code from market_records
        union all
        select trade_id, file, message, record, 'agent_uscc', agent_uscc from market_records
        union all
        select trade_id, file, message, record, 'consignor_uscc', consignor from trade_declarations where stands
        union all
        select trade_id, file, message, record, 'seller_uscc', seller_uscc from trade_contracts
        union all
        select trade_id, file, message, record, 'buyer_uscc', buyer_uscc from trade_contracts
        union all
        select trade_id, file, message, record, 'seller_uscc', seller_uscc from trade_invoices where counts
        union all
        select trade_id, file, message, record, 'buyer_uscc', buyer_uscc from trade_invoices where counts
        union all
        select trade_id, file, message, record, 'supplier_uscc', supplier_uscc from trade_receipts
    ),
    numbers as (
        select trade_id, file, message, record, 'declaration_no' as field, declaration_no as entry_id from market_records
        union all
        select trade_id, file, message, record, 'entry_id', entry_id from trade_declarations
    )

select
    trade_id, 'declaration-number-malformed' as code, file, message, record, 0 as line, field, entry_id as seen,
    'office (4 digits), year (4), 0 for export, serial (9): 18 digits' as expected
from numbers
where length(entry_id) <> 18 or translate(entry_id, '0123456789', '') <> '' or substr(entry_id, 5, 2) not in ('19', '20')
union all
select
    trade_id, 'invoice-number-malformed' as code, file, message, record, 0 as line, 'number' as field, number as seen, '20 digits' as expected
from trade_invoices
where length(number) <> 20 or translate(number, '0123456789', '') <> ''
union all
select
    trade_id, 'hs-malformed' as code, file, message, record, line, 'hs' as field, hs as seen,
    case when paper = 'declaration' then '10 digits' else '4 to 10 digits' end as expected
from paper_lines
where translate(hs, '0123456789', '') <> '' or substr(hs, 1, 2) = '00'
    or length(hs) not in (4, 6, 8, 10) or (paper = 'declaration' and length(hs) <> 10)
union all
select
    f.trade_id, 'firm-code-malformed' as code, f.file, f.message, f.record, 0 as line, f.field, f.code as seen, c.because as expected
from firms as f
join firm_codes as c on c.code = f.code
union all
select
    d.trade_id, case when m.code is null then 'trade-mode-unknown' else 'trade-mode-not-judged' end as code,
    d.file, d.message, d.record, 0 as line, 'mode' as field, d.mode as seen, '1039, 9710 or 9810' as expected
from trade_declarations as d
left join trade_modes as m on m.code = d.mode
left join (select distinct mode from requirements) as r on r.mode = d.mode
where d.stands and d.mode is not null and r.mode is null
union all
select
    d.trade_id,
    case when length(d.office) = 4 and translate(d.office, '0123456789', '') = ''
        then 'customs-office-unknown' else 'customs-office-malformed' end as code,
    d.file, d.message, d.record, 0 as line, 'office' as field, d.office as seen, 'an office of the table' as expected
from trade_declarations as d
left join customs_offices as o on o.code = d.office
where d.stands and d.office is not null and o.code is null

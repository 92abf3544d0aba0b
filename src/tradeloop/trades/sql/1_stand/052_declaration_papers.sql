-- gives:  declaration_papers: every version of every declaration in table form; version 1 is the one that counts
-- source: judging.md §2, §5; customs moves a declaration forward: of two versions without a time the further one counts
-- reads:  declarations, firm_spells, currencies

with
    ranked as (
        select
            d.file, d.message, d.record, d.entry_id, d.mode, d.direction, d.office,
            coalesce(d.consignor_uscc, s.firm, d.consignor_code) as firm,
            d.consignor_code, d.consignor_uscc, d.producer_uscc, d.bill_no, d.contract_no, d.destination,
            d.currency as written_currency, coalesce(c.iso, d.currency) as currency, d.price_basis,
            d.freight, coalesce(d.freight_mark, '3') as freight_mark,
            coalesce(f.iso, d.freight_currency, c.iso, d.currency) as freight_currency,
            d.insurance, coalesce(d.insurance_mark, '3') as insurance_mark,
            coalesce(i.iso, d.insurance_currency, c.iso, d.currency) as insurance_currency,
            d.packages, d.gross_kg, d.net_kg, d.declared_on, d.status, d.released_at, d.left_at, d.amends, d.updated_at,
            case d.status
                when 'deleted' then 6 when 'returned' then 5 when 'amended' then 4
                when 'closed' then 3 when 'released' then 2 when 'declared' then 1 else 0
            end as progress
        from declarations as d
        left join firm_spells as s
            on s.code = d.consignor_code
            and cast(d.declared_on as timestamp) >= s.from_time
            and (s.until_time is null or cast(d.declared_on as timestamp) < s.until_time)
        left join currencies as c on c.code = d.currency
        left join currencies as f on f.code = d.freight_currency
        left join currencies as i on i.code = d.insurance_currency
        where d.entry_id is not null
    )

select
    ranked.*,
    row_number() over (
        partition by entry_id
        order by
            updated_at desc nulls last, progress desc, left_at desc nulls last, released_at desc nulls last,
            declared_on desc nulls last, gross_kg desc nulls last, contract_no desc nulls last,
            file, message, record
    ) as version
from ranked

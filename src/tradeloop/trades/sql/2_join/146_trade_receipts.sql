-- gives:  trade_receipts: the goods receipts of each purchase
-- source: V2; judging.md §5: by the contract number and the supplier; by the number alone where only one supplier uses it
-- reads:  receipt_papers, contract_papers, trade_keys

with
    by_number as (
        select no, min(firm) as firm, count(*) as contracts
        from contract_papers
        where version = 1 and kind = 'purchase'
        group by no
    ),
    placed as (
        select
            r.file, r.message, r.record, r.no, r.contract_no, r.supplier_uscc, r.received_on,
            case when own.firm is not null then own.firm when b.contracts = 1 then b.firm end as firm
        from receipt_papers as r
        left join contract_papers as own
            on own.firm = r.supplier_uscc and own.no = r.contract_no and own.version = 1 and own.kind = 'purchase'
        left join by_number as b on b.no = r.contract_no
        where r.version = 1
    )

select k.trade_id, p.file, p.message, p.record, p.no, p.supplier_uscc, p.received_on
from placed as p
join trade_keys as k on k.firm = p.firm and k.order_no = p.contract_no

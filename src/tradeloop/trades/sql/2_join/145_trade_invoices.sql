-- gives:  trade_invoices: the VAT invoices of each purchase; a void one does not count, and one that a red invoice cancels
--         wholly does not stand
-- source: V1; judging.md §5: by the contract number, else by the only contract between the two parties; a red invoice
--         belongs where its original does and takes from it; a void one bills nothing
-- reads:  invoice_papers, contract_papers, trade_keys
-- blind to: an invoice without a contract number between parties that have several contracts

with
    cancelled as (
        select red_of, cast(sum(abs(gross)) as decimal(28, 5)) as gross
        from invoice_papers
        where version = 1 and state = 'red' and red_of is not null
        group by red_of
    ),
    single_contract as (
        select seller_uscc, buyer_uscc, min(no) as no
        from contract_papers
        where version = 1 and kind = 'purchase' and buyer_uscc is not null
        group by seller_uscc, buyer_uscc having count(*) = 1
    ),
    -- one number may be used by two sellers' contracts; the buyer tells them apart
    by_number as (
        select no, buyer_uscc, min(firm) as firm, count(*) as contracts
        from contract_papers
        where version = 1 and kind = 'purchase'
        group by no, buyer_uscc
    ),
    by_number_alone as (
        select no, min(firm) as firm, count(*) as contracts
        from contract_papers
        where version = 1 and kind = 'purchase'
        group by no
    ),
    numbered as (
        select
            i.file, i.message, i.record, i.number, i.state, i.red_of, i.issued_on, i.seller_uscc, i.buyer_uscc,
            i.currency, i.net, i.tax, i.gross, i.contract_no as written_no,
            coalesce(o.contract_no, i.contract_no, s.no) as contract_no
        from invoice_papers as i
        left join invoice_papers as o on o.number = i.red_of and o.version = 1 and i.state = 'red'
        left join single_contract as s on s.seller_uscc = i.seller_uscc and s.buyer_uscc = i.buyer_uscc
        where i.version = 1
    ),
    placed as (
        select
            n.file, n.message, n.record, n.number, n.state, n.red_of, n.issued_on, n.seller_uscc, n.buyer_uscc,
            n.currency, n.net, n.tax, n.gross, n.contract_no,
            case
                when own.firm is not null then own.firm
                when b.contracts = 1 then b.firm
                when a.contracts = 1 then a.firm
            end as firm
        from numbered as n
        left join contract_papers as own on own.firm = n.seller_uscc and own.no = n.contract_no and own.version = 1
        left join by_number as b on b.no = n.contract_no and b.buyer_uscc = n.buyer_uscc
        left join by_number_alone as a on a.no = n.contract_no
    )

select
    k.trade_id, p.file, p.message, p.record, p.number, p.state, p.red_of, p.issued_on, p.seller_uscc, p.buyer_uscc,
    p.currency, p.net, p.tax, p.gross, p.state <> 'void' as counts,
    p.state = 'valid' and coalesce(c.gross < p.gross, true) as stands
from placed as p
left join cancelled as c on c.red_of = p.number
join trade_keys as k on k.firm = p.firm and k.order_no = p.contract_no

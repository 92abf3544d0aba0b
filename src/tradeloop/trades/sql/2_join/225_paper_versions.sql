-- gives:  paper_versions: each version of a paper in table form beside the next one: the same, later, or neither
-- source: R6; judging.md §1, §5: a version with a later time replaces; a declaration or an invoice that only moves forward
--         says so by its status
-- reads:  record_papers, packing_papers, declaration_papers, invoice_papers, contract_papers, receipt_papers,
--         payment_papers, return_table_papers, trade_record_lines, declaration_lines, contract_lines, invoice_lines,
--         packing_list_lines, goods_receipt_lines, return_table_lines
-- blind to: papers with one version; lines are compared by their number and their sums

with
    repeated as (
        select
            'MP.trade' as paper, p.paper_key, 'trade_no' as field, p.trade_no as number, p.version, p.updated_at,
            p.file, p.message, p.record, 0 as progress,
            coalesce(cast(p.purchaser_name as string), '') || '|' ||
                coalesce(cast(p.purchaser_country as string), '') || '|' ||
                coalesce(cast(p.purchaser_id_no as string), '') || '|' ||
                coalesce(cast(p.agent_uscc as string), '') || '|' ||
                coalesce(cast(p.currency as string), '') || '|' ||
                coalesce(cast(p.amount as string), '') || '|' ||
                coalesce(cast(p.price_basis as string), '') || '|' ||
                coalesce(cast(p.terms_days as string), '') || '|' ||
                coalesce(cast(p.due_on as string), '') || '|' ||
                coalesce(cast(p.payment_method as string), '') || '|' ||
                coalesce(cast(p.packing_list_no as string), '') || '|' ||
                coalesce(cast(p.declaration_no as string), '') || '|' ||
                coalesce(cast(p.container_no as string), '') || '|' ||
                coalesce(cast(p.confirmed_at as string), '') as said
        from (select record_papers.*, firm || '/' || trade_no as paper_key from record_papers) as p
        join (select distinct firm || '/' || trade_no as paper_key from record_papers where version = 2) as again on again.paper_key = p.paper_key
        union all
        select
            'packing_list' as paper, p.paper_key, 'no' as field, p.no as number, p.version, p.updated_at,
            p.file, p.message, p.record, 0 as progress,
            coalesce(cast(p.packages as string), '') || '|' ||
                coalesce(cast(p.gross_kg as string), '') || '|' ||
                coalesce(cast(p.net_kg as string), '') || '|' ||
                coalesce(cast(p.container_no as string), '') as said
        from (select packing_papers.*, no || '/' || coalesce(number, '') as paper_key from packing_papers) as p
        join (select distinct no || '/' || coalesce(number, '') as paper_key from packing_papers where version = 2) as again on again.paper_key = p.paper_key
        union all
        select
            'CN.declaration' as paper, p.paper_key, 'entry_id' as field, p.entry_id as number, p.version, p.updated_at,
            p.file, p.message, p.record, p.progress as progress,
            coalesce(cast(p.mode as string), '') || '|' ||
                coalesce(cast(p.firm as string), '') || '|' ||
                coalesce(cast(p.contract_no as string), '') || '|' ||
                coalesce(cast(p.destination as string), '') || '|' ||
                coalesce(cast(p.currency as string), '') || '|' ||
                coalesce(cast(p.price_basis as string), '') || '|' ||
                coalesce(cast(p.freight as string), '') || '|' ||
                coalesce(cast(p.insurance as string), '') || '|' ||
                coalesce(cast(p.gross_kg as string), '') || '|' ||
                coalesce(cast(p.net_kg as string), '') || '|' ||
                coalesce(cast(p.declared_on as string), '') || '|' ||
                coalesce(cast(p.status as string), '') || '|' ||
                coalesce(cast(p.released_at as string), '') || '|' ||
                coalesce(cast(p.left_at as string), '') || '|' ||
                coalesce(cast(p.amends as string), '') as said
        from (select declaration_papers.*, entry_id as paper_key from declaration_papers) as p
        join (select distinct entry_id as paper_key from declaration_papers where version = 2) as again on again.paper_key = p.paper_key
        union all
        select
            'CN.einvoice' as paper, p.paper_key, 'number' as field, p.number as number, p.version, p.updated_at,
            p.file, p.message, p.record, case p.state when 'void' then 2 when 'red' then 1 else 0 end as progress,
            coalesce(cast(p.state as string), '') || '|' ||
                coalesce(cast(p.red_of as string), '') || '|' ||
                coalesce(cast(p.seller_uscc as string), '') || '|' ||
                coalesce(cast(p.buyer_uscc as string), '') || '|' ||
                coalesce(cast(p.currency as string), '') || '|' ||
                coalesce(cast(p.net as string), '') || '|' ||
                coalesce(cast(p.tax as string), '') || '|' ||
                coalesce(cast(p.gross as string), '') || '|' ||
                coalesce(cast(p.issued_on as string), '') as said
        from (select invoice_papers.*, number || '/' || coalesce(contract_no, '') as paper_key from invoice_papers) as p
        join (select distinct number || '/' || coalesce(contract_no, '') as paper_key from invoice_papers where version = 2) as again on again.paper_key = p.paper_key
        union all
        select
            'contract' as paper, p.paper_key, 'no' as field, p.no as number, p.version, p.updated_at,
            p.file, p.message, p.record, 0 as progress,
            coalesce(cast(p.kind as string), '') || '|' ||
                coalesce(cast(p.mode as string), '') || '|' ||
                coalesce(cast(p.buyer_uscc as string), '') || '|' ||
                coalesce(cast(p.buyer_name as string), '') || '|' ||
                coalesce(cast(p.buyer_country as string), '') || '|' ||
                coalesce(cast(p.signed_on as string), '') || '|' ||
                coalesce(cast(p.currency as string), '') || '|' ||
                coalesce(cast(p.amount as string), '') || '|' ||
                coalesce(cast(p.price_basis as string), '') || '|' ||
                coalesce(cast(p.terms_days as string), '') || '|' ||
                coalesce(cast(p.due_on as string), '') || '|' ||
                coalesce(cast(p.delivery_on as string), '') as said
        from (select contract_papers.*, firm || '/' || no as paper_key from contract_papers) as p
        join (select distinct firm || '/' || no as paper_key from contract_papers where version = 2) as again on again.paper_key = p.paper_key
        union all
        select
            'goods_receipt' as paper, p.paper_key, 'no' as field, p.no as number, p.version, p.updated_at,
            p.file, p.message, p.record, 0 as progress,
            coalesce(cast(p.supplier_uscc as string), '') || '|' ||
                coalesce(cast(p.received_on as string), '') as said
        from (select receipt_papers.*, no || '/' || coalesce(contract_no, '') as paper_key from receipt_papers) as p
        join (select distinct no || '/' || coalesce(contract_no, '') as paper_key from receipt_papers where version = 2) as again on again.paper_key = p.paper_key
        union all
        select
            'statement' as paper, p.paper_key, 'ref' as field, p.ref as number, p.version, p.updated_at,
            p.file, p.message, p.record, 0 as progress,
            coalesce(cast(p.paid_on as string), '') || '|' ||
                coalesce(cast(p.currency as string), '') || '|' ||
                coalesce(cast(p.amount as string), '') || '|' ||
                coalesce(cast(p.payer as string), '') as said
        from (select payment_papers.*, ref || '/' || coalesce(number, '') || '/' || coalesce(payee_uscc, '') as paper_key from payment_papers) as p
        join (select distinct ref || '/' || coalesce(number, '') || '/' || coalesce(payee_uscc, '') as paper_key from payment_papers where version = 2) as again on again.paper_key = p.paper_key
        union all
        select
            'return_table' as paper, p.paper_key, 'number' as field, p.number as number, p.version, p.updated_at,
            p.file, p.message, p.record, 0 as progress,
            '' as said
        from (select return_table_papers.*, number || '/' || coalesce(trade_no, '') || '/' || coalesce(cast(returned_on as string), '') as paper_key from return_table_papers) as p
        join (select distinct number || '/' || coalesce(trade_no, '') || '/' || coalesce(cast(returned_on as string), '') as paper_key from return_table_papers where version = 2) as again on again.paper_key = p.paper_key
    ),
    line_sums as (
        select x.file, x.message, x.record, count(*) as lines, cast(sum(x.qty) as decimal(28, 5)) as qty, cast(sum(x.total) as decimal(28, 5)) as total
        from (
            select n.file, n.message, n.record, n.qty, n.total as total from trade_record_lines as n
            union all
            select n.file, n.message, n.record, n.qty, n.total as total from declaration_lines as n
            union all
            select n.file, n.message, n.record, n.qty, n.total as total from contract_lines as n
            union all
            select n.file, n.message, n.record, n.qty, n.net as total from invoice_lines as n
            union all
            select n.file, n.message, n.record, n.qty, cast(null as decimal(19, 5)) as total from packing_list_lines as n
            union all
            select n.file, n.message, n.record, n.qty, cast(null as decimal(19, 5)) as total from goods_receipt_lines as n
            union all
            select n.file, n.message, n.record, n.qty, cast(null as decimal(19, 5)) as total from return_table_lines as n
        ) as x
        join repeated as r on r.file = x.file and r.message = x.message and r.record = x.record
        group by x.file, x.message, x.record
    ),
    whole as (
        select
            r.paper, r.paper_key, r.field, r.number, r.version, r.updated_at, r.file, r.message, r.record, r.progress,
            r.said || '|' || coalesce(cast(s.lines as string), '') || '|' || coalesce(cast(s.qty as string), '')
                || '|' || coalesce(cast(s.total as string), '') as said
        from repeated as r
        left join line_sums as s on s.file = r.file and s.message = r.message and s.record = r.record
    )

select
    p.paper, p.field, p.number, p.file, p.message, p.record,
    c.file as counting_file, c.message as counting_message, c.record as counting_record,
    p.said = n.said as same,
    -- one without a time that went further is not known to be the earlier
    coalesce(n.updated_at > p.updated_at, n.updated_at is not null and n.progress >= p.progress) or n.progress > p.progress as later
from whole as p
join whole as n on n.paper = p.paper and n.paper_key = p.paper_key and n.version = p.version - 1
join whole as c on c.paper = p.paper and c.paper_key = p.paper_key and c.version = 1
where p.version > 1

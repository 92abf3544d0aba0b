-- gives:  trade_declarations: the declarations of each trade, with what customs made of them and their figures
-- source: judging.md §2: released by the status column; deleted or replaced, a declaration does not stand
-- reads:  declaration_owners, declaration_papers, declaration_figures, trade_keys

select
    k.trade_id, d.entry_id, d.file, d.message, d.record, d.mode, d.direction, d.office, d.firm as consignor,
    d.destination, d.written_currency, d.currency, d.price_basis, d.freight, d.insurance,
    d.gross_kg, d.net_kg, d.declared_on, d.status, d.released_at, d.left_at, o.records,
    coalesce(d.status, 'declared') not in ('deleted') and o.by_entry_id is null as stands,
    coalesce(d.status in ('released', 'closed') or (d.status = 'amended' and d.released_at is not null), false) as released,
    f.total, f.fob, f.cfr, f.cif
from declaration_owners as o
join declaration_papers as d on d.entry_id = o.entry_id and d.version = 1
join trade_keys as k on k.firm = o.firm and k.order_no = o.number
left join declaration_figures as f on f.entry_id = d.entry_id

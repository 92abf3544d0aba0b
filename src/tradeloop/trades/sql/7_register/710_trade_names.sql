-- gives:  trade_names: the papers by whose numbers each trade's value may be asked for; without an authority the number
--         is the seller's own
-- source: design.md §5 of the registry: order, list and declaration of the same goods name one value
-- reads:  trade, trade_orders, list_states, trade_declarations, market_records, trade_contracts,
--         trade_invoices
-- blind to: lists, declarations and invoices that do not stand; they are worth nothing

select t.trade, 'order' as kind, cast(null as string) as authority, o.order_no as number
from trade as t join trade_orders as o on o.trade_id = t.trade_id
where o.order_no is not null
union
select t.trade, 'list', 'CN.customs', s.invt_no
from trade as t join list_states as s on s.trade_id = t.trade_id and s.stands
where s.invt_no is not null
union
select t.trade, 'declaration', 'CN.customs', d.entry_id
from trade as t join trade_declarations as d on d.trade_id = t.trade_id and d.stands
where d.entry_id is not null
union
select t.trade, 'record', cast(null as string), r.trade_no
from trade as t join market_records as r on r.trade_id = t.trade_id
where r.trade_no is not null
union
select t.trade, 'contract', cast(null as string), c.no
from trade as t join trade_contracts as c on c.trade_id = t.trade_id
where c.no is not null
union
select t.trade, 'invoice', 'CN.tax', i.number
from trade as t join trade_invoices as i on i.trade_id = t.trade_id and i.stands
where i.number is not null

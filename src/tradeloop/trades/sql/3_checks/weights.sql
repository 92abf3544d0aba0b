-- finding: weight-differs, net-exceeds-gross, packages-differ
-- asks:    Which lists weigh or count otherwise than their waybills, or more net than gross?
-- source:  judging.md §4: weight of waybill against gross weight of list, net <= gross exactly
-- reads:   trade_lists, list_states, list_waybills, tolerances
-- blind to: lists whose waybill is not here, as far as it takes both

select
    l.trade_id, 'weight-differs' as code, l.file, l.message, l.record, 0 as line,
    'grossWeight' as field, cast(l.gross_weight as string) as seen, cast(w.gross_weight as string) as expected
from trade_lists as l
join list_states as s on s.list_id = l.list_id and s.stands
join list_waybills as w on w.list_id = l.list_id and w.in_window
cross join tolerances as t
where abs(cast(l.gross_weight as decimal(28, 5)) - w.gross_weight) * 10000
    > cast(w.gross_weight as decimal(28, 5)) * t.weight_bp
union all
select
    l.trade_id, 'net-exceeds-gross' as code, l.file, l.message, l.record, 0 as line,
    'netWeight' as field, cast(l.net_weight as string) as seen, 'at most ' || cast(l.gross_weight as string) as expected
from trade_lists as l
join list_states as s on s.list_id = l.list_id and s.stands
where l.net_weight > l.gross_weight
union all
select
    l.trade_id, 'packages-differ' as code, l.file, l.message, l.record, 0 as line,
    'packNo' as field, cast(l.pack_no as string) as seen, cast(w.pack_no as string) as expected
from trade_lists as l
join list_states as s on s.list_id = l.list_id and s.stands
join list_waybills as w on w.list_id = l.list_id and w.in_window
where l.pack_no <> w.pack_no

-- finding: unit-malformed, unit-unknown, currency-malformed, currency-unknown, country-malformed, country-unknown
-- asks:    Which codes cannot be right, and which does our table lack?
-- source:  judging.md §3: malformed is refused, well-formed and unknown is a note; message specification (envelope) (two code sets)
-- reads:   trade_orders, trade_lists, list_states, order_lines_of_trade, list_lines_of_trade, trade_collections, code_standings
-- blind to: codes of papers that belong to no trade

with
    coded as (
        select trade_id, file, message, record, line, 'unit' as kind, 'unit' as field, unit as seen from order_lines_of_trade
        union all
        select trade_id, file, message, record, line, 'currency', 'currency', currency from order_lines_of_trade
        union all
        select trade_id, file, message, record, 0, 'currency', 'currency', currency from trade_orders where stands
        union all
        select trade_id, file, message, record, line, 'unit', 'unit', unit from list_lines_of_trade
        union all
        select trade_id, file, message, record, line, 'unit', 'unit1', unit1 from list_lines_of_trade
        union all
        select trade_id, file, message, record, line, 'unit', 'unit2', unit2 from list_lines_of_trade
        union all
        select trade_id, file, message, record, line, 'currency', 'currency', currency from list_lines_of_trade
        union all
        select trade_id, file, message, record, line, 'country', 'country', country from list_lines_of_trade
        union all
        select l.trade_id, l.file, l.message, l.record, 0, 'country', 'country', l.country
        from trade_lists as l join list_states as s on s.list_id = l.list_id and s.stands
        union all
        select l.trade_id, l.file, l.message, l.record, 0, 'currency', 'fCurrency', l.f_currency
        from trade_lists as l join list_states as s on s.list_id = l.list_id and s.stands
        union all
        select l.trade_id, l.file, l.message, l.record, 0, 'currency', 'iCurrency', l.i_currency
        from trade_lists as l join list_states as s on s.list_id = l.list_id and s.stands
        union all
        select trade_id, file, message, record, 0, 'currency', 'currency', currency from trade_collections
    )

select
    c.trade_id, c.kind || '-' || s.standing as code, c.file, c.message, c.record, c.line, c.field, c.seen, s.expected
from coded as c
join code_standings as s on s.kind = c.kind and s.code = c.seen

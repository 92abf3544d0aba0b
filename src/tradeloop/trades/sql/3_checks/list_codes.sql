-- finding: direction-malformed, trade-mode-unknown, trade-mode-not-judged, hs-malformed, customs-office-unknown
-- asks:    Which lists are no export, in no mode or office that we know, or of no commodity?
-- source:  message specification: ieFlag, tradeMode, gcode (10 digits; 4 only on a simplified list)
-- reads:   trade_lists, list_states, list_lines_of_trade, trade_modes, requirements, customs_offices
-- blind to: fields that are empty

with
    standing as (
        select l.trade_id, l.file, l.message, l.record, l.ie_flag, l.trade_mode, l.customs_code
        from trade_lists as l
        join list_states as s on s.list_id = l.list_id and s.stands
    )

select
    trade_id, 'direction-malformed' as code, file, message, record, 0 as line,
    'ieFlag' as field, ie_flag as seen, 'E' as expected
from standing
where ie_flag <> 'E'
union all
select
    l.trade_id, 'trade-mode-unknown' as code, l.file, l.message, l.record, 0 as line,
    'tradeMode' as field, l.trade_mode as seen, '9610' as expected
from standing as l
left join trade_modes as m on m.code = l.trade_mode
where l.trade_mode is not null and m.code is null
union all
select
    l.trade_id, 'trade-mode-not-judged' as code, l.file, l.message, l.record, 0 as line,
    'tradeMode' as field, l.trade_mode as seen, '9610, 1210, 1239, 9710 or 9810' as expected
from standing as l
join trade_modes as m on m.code = l.trade_mode
left join (select distinct mode from requirements) as r on r.mode = l.trade_mode
where r.mode is null
union all
select
    l.trade_id, 'customs-office-unknown' as code, l.file, l.message, l.record, 0 as line,
    'customsCode' as field, l.customs_code as seen, 'an office of the table' as expected
from standing as l
left join customs_offices as o on o.code = l.customs_code
where l.customs_code is not null and o.code is null
union all
select
    trade_id, 'hs-malformed' as code, file, message, record, line,
    'gcode' as field, gcode as seen,
    case when statistics_flag = 'A' then '10 or 4 digits' else '10 digits' end as expected
from list_lines_of_trade
where translate(gcode, '0123456789', '') <> ''
    or not (length(gcode) = 10 or (length(gcode) = 4 and statistics_flag = 'A'))
    or substr(gcode, 1, 2) = '00'

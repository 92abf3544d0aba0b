-- finding: direction-malformed, flag-malformed, trade-mode-malformed, trade-mode-unknown, trade-mode-not-judged, hs-malformed, customs-office-malformed,
--          customs-office-unknown
-- asks:    Which lists are no export, in no mode or office that we know, or of no commodity?
-- source:  message specification: ieFlag, tradeMode, gcode (10 digits; 4 only on a simplified list)
-- reads:   trade_lists, trade_orders, list_states, list_lines_of_trade, trade_modes, requirements, customs_offices
-- blind to: fields that are empty

with
    standing as (
        select l.trade_id, l.file, l.message, l.record, l.ie_flag, l.trade_mode, l.customs_code, l.statistics_flag,
            l.app_type, l.app_status
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
    l.trade_id,
    case when length(l.trade_mode) = 4 and translate(l.trade_mode, '0123456789', '') = '' then 'trade-mode-unknown'
        else 'trade-mode-malformed' end as code, l.file, l.message, l.record, 0 as line,
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
    l.trade_id,
    case when length(l.customs_code) = 4 and translate(l.customs_code, '0123456789', '') = ''
        then 'customs-office-unknown' else 'customs-office-malformed' end as code, l.file, l.message, l.record, 0 as line,
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
union all
select trade_id, 'flag-malformed' as code, file, message, record, 0 as line, field, seen, expected
from (
    select trade_id, file, message, record, 'statisticsFlag' as field, statistics_flag as seen, 'A or B' as expected
    from standing where statistics_flag not in ('A', 'B')
    union all
    select trade_id, file, message, record, 'appType', app_type, '1, 2 or 3' from standing where app_type not in ('1', '2', '3')
    union all
    select trade_id, file, message, record, 'appStatus', app_status, '1 or 2' from standing where app_status not in ('1', '2')
    union all
    select trade_id, file, message, record, 'orderType', order_type, 'E, B or W'
    from trade_orders where stands and order_type not in ('E', 'B', 'W')
    union all
    select trade_id, file, message, record, 'appType', app_type, '1, 2 or 3'
    from trade_orders where app_type not in ('1', '2', '3')
    union all
    select trade_id, file, message, record, 'appStatus', app_status, '1 or 2'
    from trade_orders where app_status not in ('1', '2')
) as flags

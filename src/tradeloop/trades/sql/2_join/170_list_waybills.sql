-- gives:  list_waybills: each list that stands with its waybill; in_window says whether the dates fit
-- source: R2; judging.md §4: ieDate from 30 days before to 6 calendar months after the waybill's appTime
-- reads:  trade_lists, list_states, waybill_papers, tolerances

with
    candidates as (
        select
            l.trade_id, l.list_id, w.file, w.message, w.record, w.carrier, w.logistics_no, w.firm, w.ebc_code,
            w.gross_weight, w.pack_no, w.app_time, w.first_time, w.app_type,
            coalesce(
                coalesce(l.ie_date, cast(l.app_time as date)) >= cast(w.app_time as date) - t.waybill_window_before * interval '1' day
                and coalesce(l.ie_date, cast(l.app_time as date)) <= w.app_time + t.waybill_window_after * interval '1' month, true
            ) as in_window
        from trade_lists as l
        join list_states as s on s.list_id = l.list_id and s.stands
        join waybill_papers as w on w.carrier = l.carrier and w.logistics_no = l.logistics_no
        cross join tolerances as t
        where w.version = 1 and coalesce(w.app_type, '1') <> '3' and coalesce(w.app_status, '2') <> '1'
    ),
    ranked as (
        select
            candidates.*,
            row_number() over (
                partition by list_id
                order by case when in_window then 0 else 1 end, app_time desc nulls last, file, message, record
            ) as place
        from candidates
    )

select
    trade_id, list_id, file, message, record, carrier, logistics_no, firm, ebc_code, gross_weight, pack_no,
    app_time, first_time, app_type, in_window
from ranked
where place = 1

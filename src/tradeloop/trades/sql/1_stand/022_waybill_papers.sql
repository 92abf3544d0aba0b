-- gives:  waybill_papers: every version of every waybill; of each number one version counts in six months
-- source: R2: a carrier may use a number again after six months, so versions lie within the window
-- reads:  waybills, firm_spells, tolerances

with
    named as (
        select
            w.file, w.message, w.record, w.guid, w.logistics_no, w.logistics_code,
            coalesce(c.firm, w.logistics_code) as carrier,
            w.ebc_code, case when w.ebc_code <> '无' then coalesce(s.firm, w.ebc_code) end as firm,
            w.gross_weight, w.pack_no, w.freight, w.insured_fee, w.currency,
            w.app_time, w.app_type, w.app_status
        from waybills as w
        left join firm_spells as c
            on c.code = w.logistics_code
            and coalesce(w.app_time, timestamp '9999-01-01') >= c.from_time
            and (c.until_time is null or coalesce(w.app_time, timestamp '9999-01-01') < c.until_time)
        left join firm_spells as s
            on s.code = w.ebc_code
            and coalesce(w.app_time, timestamp '9999-01-01') >= s.from_time
            and (s.until_time is null or coalesce(w.app_time, timestamp '9999-01-01') < s.until_time)
        where w.logistics_no is not null and w.logistics_code is not null
    ),
    ordered as (
        select
            named.*,
            lead(app_time) over (
                partition by carrier, logistics_no
                order by
                    case when app_status = '1' then 0 else 1 end, app_time nulls first,
                    app_type nulls first, guid nulls first, gross_weight nulls first, file, message, record
            ) as next_time,
            row_number() over (
                partition by carrier, logistics_no
                order by
                    case when app_status = '1' then 0 else 1 end, app_time nulls first,
                    app_type nulls first, guid nulls first, gross_weight nulls first, file, message, record
            ) as place,
            min(app_time) over (
                partition by carrier, logistics_no
                order by app_time range between interval '6' month preceding and current row
            ) as first_time
        from named
    )

select
    ordered.*,
    case
        when next_time is not null
            and (app_time is null or next_time < app_time + tolerances.waybill_window_after * interval '1' month)
            then 2
        else 1
    end as version
from ordered
cross join tolerances

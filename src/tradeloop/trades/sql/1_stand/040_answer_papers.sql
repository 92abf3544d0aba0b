-- gives:  answer_papers: every customs answer, with firms in place of codes and its status as a number
-- source: judging.md §1; message specification (returnStatus)
-- reads:  answers, firm_spells, statuses

with
    -- the few statuses that occur are looked up once, not for each answer
    seen as (
        select
            return_status,
            -- nine digits at most, so that the cast cannot fail in any engine
            cast(
                case
                    when length(translate(return_status, '-', '')) between 1 and 9
                        and translate(substr(return_status, 1, 1), '-0123456789', '') = ''
                        and translate(substr(return_status, 2), '0123456789', '') = ''
                        then return_status
                end as integer
            ) as status
        from (select distinct return_status from answers where return_status is not null) as once
    ),
    looked_up as (
        select x.return_status, x.status, max(case when s.low is not null then 1 else 0 end) = 1 as known,
            coalesce(min(s.decides), 0) = 1 as decides
        from seen as x
        left join statuses as s on s.low <= x.status and x.status <= s.high
        group by x.return_status, x.status
    )

select
    a.kind, a.file, a.message, a.record, a.order_no, a.ebp_code, a.ebc_code,
    coalesce(s.firm, a.ebc_code) as firm,
    a.agent_code, coalesce(g.firm, a.agent_code) as agent,
    a.logistics_code, coalesce(c.firm, a.logistics_code) as carrier,
    a.cop_no, a.co_el_no, a.invt_no, a.logistics_no, a.pay_no, a.bill_no, a.msg_seq_no, a.sum_no,
    a.return_status,
    -- an adverse answer without a time may be the latest, so it counts as that
    coalesce(a.return_time, timestamp '9999-01-01') as return_time,
    k.status, k.known, k.decides
from answers as a
join looked_up as k on k.return_status = a.return_status
left join firm_spells as s
    on s.code = a.ebc_code
    and a.return_time >= s.from_time and (s.until_time is null or a.return_time < s.until_time)
left join firm_spells as g
    on g.code = a.agent_code
    and a.return_time >= g.from_time and (g.until_time is null or a.return_time < g.until_time)
left join firm_spells as c
    on c.code = a.logistics_code
    and a.return_time >= c.from_time and (c.until_time is null or a.return_time < c.until_time)
where a.return_time is not null or k.status = 100 or k.status < 0 or k.status between 500 and 700

-- gives:  list_manifests: each list that stands with the manifests that name its parcel
-- source: R7: by (logisticsCode, logisticsNo), within the waybill's window; parts by msgCount and msgSeqNo
-- reads:  manifest_lines, manifest_papers, firm_spells, trade_lists, list_states, tolerances, notes_rejected

with
    manifests_standing as (
        select
            m.file, m.message, m.record, m.agent, m.cop_no, m.msg_count, m.msg_seq_no, m.bill_no, m.app_time,
            coalesce(c.firm, m.logistics_code) as carrier,
            count(*) over (partition by m.agent, m.cop_no) as parts
        from manifest_papers as m
        left join firm_spells as c
            on c.code = m.logistics_code and m.app_time >= c.from_time
            and (c.until_time is null or m.app_time < c.until_time)
        left join notes_rejected as r
            on r.kind = 'CEB608' and r.cop_no = m.cop_no and (r.part is null or r.part = m.msg_seq_no)
        where r.cop_no is null and m.version = 1 and coalesce(m.app_type, '1') <> '3' and coalesce(m.app_status, '2') <> '1'
    )

select
    l.trade_id, l.list_id, m.file, m.message, m.record, n.line, m.bill_no, n.invt_no, m.parts,
    coalesce(m.msg_count, 1) as msg_count
from manifest_lines as n
join manifests_standing as m on m.file = n.file and m.message = n.message and m.record = n.record
join trade_lists as l on l.carrier = m.carrier and l.logistics_no = n.logistics_no
join list_states as s on s.list_id = l.list_id and s.stands
cross join tolerances as t
where coalesce(
    m.app_time >= l.ie_date - t.waybill_window_before * interval '1' day
    and m.app_time <= l.ie_date + t.waybill_window_after * interval '1' month, true
)

-- finding: manifest-number-differs, manifest-incomplete
-- asks:    Which manifests put another list number beside the parcel, and which lack parts?
-- source:  R7: list (logisticsNo, invtNo) against 603; complete when the last part has come
-- reads:   list_manifests, list_states
-- blind to: manifest lines without a list number

select
    m.trade_id, 'manifest-number-differs' as code, m.file, m.message, m.record, m.line,
    'invtNo' as field, m.invt_no as seen, s.invt_no as expected
from list_manifests as m
join list_states as s on s.list_id = m.list_id
where m.invt_no <> s.invt_no
union all
select
    trade_id, 'manifest-incomplete' as code, file, message, record, 0 as line,
    'msgCount' as field, 'parts: ' || cast(parts as string) as seen, 'parts: ' || cast(msg_count as string) as expected
from list_manifests
where parts < msg_count

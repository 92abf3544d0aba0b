-- finding: status-unknown
-- asks:    Which answers have a status that our table lacks?
-- source:  message specification (returnStatus): unknown codes occur and are kept raw
-- reads:   list_answers, trade_lists
-- blind to: answers to other papers than lists

select
    l.trade_id, 'status-unknown' as code, a.file, a.message, a.record, 0 as line,
    'returnStatus' as field, a.return_status as seen, 'a status of the table' as expected
from list_answers as a
join trade_lists as l on l.list_id = a.list_id
where not a.known

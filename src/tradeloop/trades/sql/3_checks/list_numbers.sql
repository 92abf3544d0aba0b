-- finding: list-number-malformed, list-number-reused
-- asks:    Which list numbers cannot be right, and which stand on two lists?
-- source:  message specification, conflict 8: office (4), year (4), E, 9 to 11 digits; K-INV
-- reads:   trade_lists, list_states
-- blind to: lists that have no number yet

with
    numbered as (
        select l.trade_id, l.list_id, l.file, l.message, l.record, s.invt_no
        from trade_lists as l
        join list_states as s on s.list_id = l.list_id and s.stands
        where s.invt_no is not null
    ),
    shared as (
        select invt_no from numbered group by invt_no having count(*) > 1
    )

select
    trade_id, 'list-number-malformed' as code, file, message, record, 0 as line,
    'invtNo' as field, invt_no as seen, 'office (4), year (4), E, 9 to 11 digits' as expected
from numbered
where length(invt_no) < 18 or length(invt_no) > 20
    or translate(substr(invt_no, 1, 8), '0123456789', '') <> ''
    or substr(invt_no, 5, 2) not in ('19', '20')
    or substr(invt_no, 9, 1) <> 'E'
    or translate(substr(invt_no, 10), '0123456789', '') <> ''
union all
select
    n.trade_id, 'list-number-reused' as code, n.file, n.message, n.record, 0 as line,
    'invtNo' as field, n.invt_no as seen, 'a number of its own' as expected
from numbered as n
join shared as s on s.invt_no = n.invt_no

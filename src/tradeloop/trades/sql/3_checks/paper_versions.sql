-- finding: paper-repeated, paper-amended, key-reused
-- asks:    Which papers in table form came more than once under one number, and does the later one say that it is later?
-- source:  R6; judging.md §1: a corrected paper replaces with its history kept; without a time one number is one content
-- reads:   paper_versions, trade_papers
-- blind to: what the lines of two versions say beyond their number and their sums

select
    k.trade_id,
    case when v.same then 'paper-repeated' when v.later then 'paper-amended' else 'key-reused' end as code,
    v.file, v.message, v.record, 0 as line, v.field, v.number as seen,
    case when v.same then 'one paper' when v.later then 'the later version counts' else 'one content for each number' end as expected
from paper_versions as v
left join trade_papers as k
    on k.kind = v.paper and k.file = v.counting_file and k.message = v.counting_message and k.record = v.counting_record

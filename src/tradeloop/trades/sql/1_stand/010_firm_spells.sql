-- gives:  firm_spells: which firm a customs code stands for, and from when until when
-- source: judging.md §1: one firm, several codes; a later row ends the one before, and the first
--         reaches back: a table is often drawn up after the papers
-- reads:  firms
-- blind to: codes without a row; they stand for themselves

with
    rows_once as (
        select distinct customs_code, uscc, from_date
        from firms
        where customs_code is not null and uscc is not null and from_date is not null
    )

select
    customs_code as code,
    uscc as firm,
    case
        when row_number() over (partition by customs_code order by from_date, uscc) = 1 then timestamp '1900-01-01'
        else cast(from_date as timestamp)
    end as from_time,
    cast(lead(from_date) over (partition by customs_code order by from_date, uscc) as timestamp) as until_time
from rows_once

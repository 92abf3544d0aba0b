-- gives:  key_mergers: trades that papers name under a customs code here and a credit code there;
--         the trade keeps the code on its order, or the credit code where there is no order
-- source: judging.md §1: no firm table row: the link is unavailable, never a mismatch
-- reads:  order_papers, list_papers, collection_papers, firm_spells
-- blind to: two firms that share an order number on one platform under codes of one kind

with
    keys as (
        select firm, order_no, ebp_code, true as is_order, false as is_list from order_papers where version = 1
        union all
        select firm, order_no, ebp_code, false as is_order, true as is_list from list_papers where version = 1
        union all
        select firm, order_no, ebp_code, false as is_order, false as is_list from collection_papers where version = 1
    ),
    once as (
        select
            firm, order_no, max(ebp_code) as ebp_code,
            max(case when is_order then 1 else 0 end) as orders,
            max(case when is_list then 1 else 0 end) as lists,
            max(case when not is_order and not is_list then 1 else 0 end) as collections
        from keys
        group by firm, order_no
    ),
    pairs as (
        select
            customs.firm as customs_code, credit.firm as credit_code, customs.order_no,
            case when customs.orders = 1 or credit.orders + credit.lists = 0 then 1 else 0 end as keeps_customs_code,
            count(*) over (partition by customs.firm, customs.order_no) as candidates,
            count(*) over (partition by credit.firm, credit.order_no) as rivals
        from once as customs
        join once as credit
            on credit.order_no = customs.order_no
            and length(credit.firm) = 18
            and credit.ebp_code = customs.ebp_code
            -- each has what the other lacks
            and credit.orders + customs.orders <= 1
            and (
                (credit.orders + customs.orders = 1 and credit.orders <> credit.lists and customs.orders <> customs.lists)
                or (credit.orders + credit.lists = 0 and customs.collections = 0)
                or (customs.orders + customs.lists = 0 and credit.collections = 0)
            )
            and credit.orders + credit.lists + customs.orders + customs.lists > 0
        left join (select distinct code from firm_spells) as known on known.code = customs.firm
        where length(customs.firm) = 10 and known.code is null
    )

select
    case when keeps_customs_code = 1 then credit_code else customs_code end as other_firm,
    case when keeps_customs_code = 1 then customs_code else credit_code end as firm,
    order_no
from pairs
where candidates = 1 and rivals = 1

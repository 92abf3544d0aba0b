-- gives:  links: each trade's links with their status and the two values seen
-- as:     view
-- source: judging.md §6: trade, link, status, left, right, tolerance
-- reads:  trade_links, trade

select t.trade, l.link, l.status, l.left_seen as left, l.right_seen as right, l.tolerance
from trade_links as l
join trade as t on t.trade_id = l.trade_id

-- gives:  links_open: the required links that are missing, stale or unavailable
-- source: judging.md §3
-- reads:  trade_links

select trade_id, link, status, left_seen, right_seen
from trade_links
where need = 'R' and status in ('missing', 'stale', 'unavailable')

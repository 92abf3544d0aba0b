"""Claims of before tell cover what they know of a buyer, as later ones do by themselves."""

from django.db import migrations

TELL = """
insert into cover_trouble
    (claim, policyholder, buyer, known_on, disputed_on, currency, disputed_minor, made_by)
select c.id, c.policyholder, c.buyer, c.known_on, s.from_on, c.currency,
    case when s.from_on is null then 0 else coalesce(c.claimed_minor, 0) end, c.made_by
from claims_claim as c
left join claims_stop as s on s.claim_id = c.id and s.kind = 'dispute' and s.to_on is null
where c.state <> 'withdrawn'
"""


class Migration(migrations.Migration):
    dependencies = [
        ("claims", "0001_initial"),
        ("cover", "0002_trouble"),
    ]

    operations = [
        migrations.RunSQL(TELL, migrations.RunSQL.noop),
    ]

"""Orders of payouts that were paid before, and never sent, are not sent any more."""

from django.db import migrations

CLOSE = """
update settlement_order as o
set state = 'paid-otherwise', because = 'paid on ' || c.paid_on
from claims_payout as c
where c."order" = o.id and c.paid_on is not null and o.state = 'ordered'
"""


class Migration(migrations.Migration):
    dependencies = [
        ("claims", "0004_insolvencies_are_told"),
        ("settlement", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(CLOSE, migrations.RunSQL.noop),
    ]

"""Claims of before tell cover of insolvencies, as later ones do by themselves."""

from django.db import migrations

TELL = """
update cover_trouble as t set insolvent_on = c.insolvent_on
from claims_claim as c where c.id = t.claim and c.insolvent_on is not null
"""


class Migration(migrations.Migration):
    dependencies = [
        ("claims", "0003_account"),
        ("cover", "0005_insolvency"),
    ]

    operations = [
        migrations.RunSQL(TELL, migrations.RunSQL.noop),
    ]

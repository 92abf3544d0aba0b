"""A policy that a person ends remembers its period; the journal tells that of earlier ones."""

from django.db import migrations, models

REMEMBER = """
update cover_policy as p set period_to = (line ->> 'to')::date
from journal_entry as e, jsonb_array_elements(e.body::jsonb -> 'lines') as line
where p.state = 'cancelled' and e.id = p.made_by and line ->> 'policy' = p.id
"""


class Migration(migrations.Migration):
    dependencies = [
        ("cover", "0002_trouble"),
        ("journal", "0002_lighter_rows"),
    ]

    operations = [
        migrations.AddField("policy", "period_to", models.DateField(null=True)),
        migrations.RunSQL(REMEMBER, migrations.RunSQL.noop),
    ]

"""The day from which a scheme's periods are counted is kept: until now the earliest policy's."""

from django.db import migrations, models

KEEP = """
insert into cover_firstday (scheme, day)
select scheme, min(insured_from) from cover_policy group by scheme
"""


class Migration(migrations.Migration):
    dependencies = [
        ("cover", "0003_last_day_agreed"),
    ]

    operations = [
        migrations.CreateModel(
            name="FirstDay",
            fields=[
                ("scheme", models.TextField(primary_key=True, serialize=False)),
                ("day", models.DateField()),
            ],
        ),
        migrations.RunSQL(KEEP, migrations.RunSQL.noop),
    ]

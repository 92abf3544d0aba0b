from django.db import migrations, models

# A list that was folded before, or that is of several values, tells no more whose it was: register
# the papers that are there once again before new ones come.
FILL = """
insert into registry_name (key, capacity_id)
select paper, id from registry_capacity
union
select p.key, p.capacity_id from registry_paper as p
where p.capacity_id is not null and not exists (
    select from registry_capacity as part where part.folded_into_id = p.capacity_id
)
union
-- another code of the firm of a part: the order number is the same
select p.key, part.id
from registry_paper as p
join registry_capacity as part on part.folded_into_id = p.capacity_id
where p.key like 'trade:%' and part.paper like 'trade:%'
    and regexp_replace(p.key, '^trade:[^:]*:', '')
        = regexp_replace(part.paper, '^trade:[^:]*:', '')
"""


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0002_lighter_rows"),
    ]

    operations = [
        migrations.CreateModel(
            name="Name",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "key",
                        "capacity_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("key", models.TextField()),
                ("capacity_id", models.BigIntegerField()),
            ],
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]

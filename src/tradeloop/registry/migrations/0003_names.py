from django.db import migrations, models

# Of what was folded before, only its own paper is known; to register it again names the rest.
FILL = """
insert into registry_name (key, capacity_id)
select paper, id from registry_capacity
union
select p.key, p.capacity_id from registry_paper as p
where p.capacity_id is not null and not exists (
    select from registry_capacity as part where part.folded_into_id = p.capacity_id
)
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

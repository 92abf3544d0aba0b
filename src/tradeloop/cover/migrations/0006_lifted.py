from django.db import migrations, models

# The losses that stop cover: all that began, but for those that were taken back with their claim.
LOSSES = """
create view cover_loss as
select l.seller, l.buyer, l.loss_on from receivables_loss as l
where not exists (
    select from cover_lifted as x where x.policyholder = l.seller and x.buyer = l.buyer
)
"""


class Migration(migrations.Migration):
    dependencies = [
        ("cover", "0005_insolvency"),
        ("receivables", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Lifted",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("policyholder", models.TextField()),
                ("buyer", models.TextField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        models.F("policyholder"), models.F("buyer"), name="a_loss_is_lifted_once"
                    )
                ],
            },
        ),
        migrations.RunSQL(LOSSES, "drop view cover_loss"),
    ]

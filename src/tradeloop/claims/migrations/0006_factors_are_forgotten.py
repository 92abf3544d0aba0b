from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("claims", "0005_paid_orders_are_not_sent"),
    ]

    operations = [
        migrations.AddField(
            model_name="person",
            name="enrolled_by",
            field=models.TextField(null=True),
        ),
        migrations.CreateModel(
            name="Forgotten",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("person", models.TextField()),
                ("party", models.TextField()),
                ("by", models.TextField()),
                ("because", models.TextField()),
                ("at", models.DateTimeField()),
                ("made_by", models.BigIntegerField()),
            ],
            options={
                "indexes": [models.Index(models.F("by"), models.F("party"), name="forgotten_by")],
            },
        ),
    ]

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cover", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Trouble",
            fields=[
                ("claim", models.TextField(primary_key=True, serialize=False)),
                ("policyholder", models.TextField()),
                ("buyer", models.TextField()),
                ("known_on", models.DateField()),
                ("disputed_on", models.DateField(null=True)),
                ("currency", models.TextField()),
                ("disputed_minor", models.BigIntegerField(default=0)),
                ("made_by", models.BigIntegerField()),
            ],
            options={
                "indexes": [
                    models.Index(
                        models.F("buyer"), models.F("policyholder"), name="troubles_of_buyer"
                    )
                ],
            },
        ),
    ]

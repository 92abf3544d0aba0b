import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("claims", "0002_troubles_are_told"),
    ]

    operations = [
        migrations.CreateModel(
            name="Account",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("payee", models.TextField()),
                ("name", models.TextField()),
                ("number", models.TextField()),
                ("agent", models.TextField(null=True)),
                ("stated_by", models.TextField()),
                ("stated_at", models.DateTimeField()),
                ("made_by", models.BigIntegerField()),
                (
                    "agreement",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="claims.agreement",
                    ),
                ),
                (
                    "claim",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="claims.claim"
                    ),
                ),
            ],
        ),
    ]

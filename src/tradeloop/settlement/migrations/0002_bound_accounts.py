"""The account of an order may be agreed on elsewhere, and is then no matter for mending."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("settlement", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="order",
            name="is_bound",
            field=models.BooleanField(db_default=False),
        ),
    ]

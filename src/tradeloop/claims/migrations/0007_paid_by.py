from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("claims", "0006_factors_are_forgotten"),
    ]

    operations = [
        migrations.AddField(model_name="payout", name="paid_by", field=models.TextField(null=True)),
    ]

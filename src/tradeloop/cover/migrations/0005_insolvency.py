from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cover", "0004_first_day"),
    ]

    operations = [
        migrations.AddField("trouble", "insolvent_on", models.DateField(null=True)),
    ]

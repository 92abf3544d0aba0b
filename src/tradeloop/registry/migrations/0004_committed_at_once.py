from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0003_names"),
    ]

    operations = [
        migrations.AlterField(
            model_name="hold",
            name="expires_at",
            field=models.DateTimeField(null=True),
        ),
    ]

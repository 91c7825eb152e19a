from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("metrics", "0015_what_is_paid_for_and_known")]

    operations = [
        migrations.AddConstraint(
            model_name="outsidefigure",
            constraint=models.UniqueConstraint(
                fields=["file", "line", "route"], name="outside_figure_once_per_line_and_route"
            ),
        ),
        migrations.RemoveConstraint(model_name="outsidefigure", name="outside_figure_once_per_line"),
    ]

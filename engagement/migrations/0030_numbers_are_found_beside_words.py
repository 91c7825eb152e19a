from django.contrib.postgres.operations import BtreeGinExtension
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("engagement", "0029_legal_requests_have_their_day")]

    operations = [BtreeGinExtension()]

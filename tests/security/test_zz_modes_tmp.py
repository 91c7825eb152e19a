import pytest
import tests.security.test_access_matrix as m
from tests.security.test_access_matrix import *  # noqa
for n in list(globals()):
    pass
del test_the_table_lists_every_act_and_every_route_and_nothing_else
MINE=("emergency:","modes:","policy:final","policy:name","policy:be-","policy:change-","policy:end-","policy:pack","policy:review")
@pytest.fixture(autouse=True)
def mine(monkeypatch):
    whole=m.table()
    monkeypatch.setattr(m,"table",lambda:{k:v for k,v in whole.items() if k.startswith(MINE)})

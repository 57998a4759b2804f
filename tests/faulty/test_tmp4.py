from tests.faulty.fleet import *
from hub.catalog.models import *
def test_x(catalog):
    with fleet(1,10) as f:
        f.members=f.members[:1]; f.harvest()
        print(f.compare(), [(r.code,r.facts) for r in Rejection.objects.all()[:2]])

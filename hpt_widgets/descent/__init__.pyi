from . import convergence as convergence
from . import surfaces as surfaces
from . import verdict as verdict
from . import walk as walk

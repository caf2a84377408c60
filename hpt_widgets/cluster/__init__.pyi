from .connection import Cluster as Cluster
from .connection import ClusterError as ClusterError
from .connection import is_available as is_available
from .connection import notice as notice

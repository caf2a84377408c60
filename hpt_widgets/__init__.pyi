from .backprop.network import BackpropNetwork as BackpropNetwork
from .board.class_runs import ClassRuns as ClassRuns
from .cluster.connection import Cluster as Cluster
from .data.dataset import Dataset as Dataset
from .data.mnist import load_mnist as load_mnist
from .descent import surfaces as surfaces
from .descent.walk import descend as descend
from .exercises import check as check
from .exercises import hint as hint
from .exercises import my_progress as my_progress
from .exercises import solution as solution
from .labs.backprop.lab import BackpropLab as BackpropLab
from .labs.descent.lab import DescentLab as DescentLab
from .labs.digits.lab import DigitCanvas as DigitCanvas
from .labs.network.lab import NetworkLab as NetworkLab
from .labs.prediction.lab import prediction as prediction
from .labs.prediction.outcome import outcome as outcome
from .labs.quiz.lab import quiz as quiz
from .labs.range_test.lab import RangeTestLab as RangeTestLab
from .labs.search.lab import SearchLab as SearchLab
from .labs.sweep.lab import SweepLab as SweepLab
from .labs.training.lab import TrainingLab as TrainingLab
from .language import current_language as current_language
from .language import use_language as use_language
from .search.estimator import KerasMLPClassifier as KerasMLPClassifier
from .search.records import SearchRecord as SearchRecord
from .search.space import SearchSpace as SearchSpace
from .search.trial import Trial as Trial
from .training.hyperparameters import Hyperparameters as Hyperparameters
from .training.network import build_model as build_model
from .training.run import Run as Run
from .training.session import Progress as Progress
from .training.session import Trainer as Trainer
from .training.session import train as train

__version__: str
__all__: list[str]

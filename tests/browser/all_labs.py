"""Cells that show one lab of each kind, all quick to use, and where each is on a page."""

from hpt_widgets.language import LanguageCode

SET_UP = """import math
import hpt_widgets as hpt
from sklearn.model_selection import ParameterGrid
hpt.use_language({language!r})
data = hpt.load_mnist()
def accuracy(values):
    score = 0.95 - 0.05 * (math.log10(values["learning_rate"]) + 2) ** 2
    return hpt.Trial(dict(values), validation_accuracy=score, history=((100, 0.5), (200, score)))
class Seven:
    def predict_proba(self, rows):
        return [[0, 0, 0, 0, 0, 0, 0, 1, 0, 0]] * len(rows)"""
CELLS = {
    "training": "training = hpt.TrainingLab(data)\ntraining",
    "descent": "descent = hpt.DescentLab()\ndescent",
    "backprop": "backprop = hpt.BackpropLab()\nbackprop",
    "network": "network = hpt.NetworkLab()\nnetwork",
    "bayes": "bayes = hpt.BayesLab(n_seeds=2)\nbayes",
    "bank": "bank = hpt.BankLab()\nbank",
    "search": "search = hpt.SearchLab(objective=accuracy)\nsearch",
    "grid": 'grid = hpt.GridLab(hpt.SearchSpace.article().grid(), hpt.SearchRecord("grid"))\ngrid',
    "sweep": "sweep = hpt.SweepLab(data, training_size=500)\nsweep",
    "range_test": "range_test = hpt.RangeTestLab(data)\nrange_test",
    "canvas": "canvas = hpt.DigitCanvas(Seven())\ncanvas",
    "quiz": 'quiz = hpt.quiz("4.1")\nquiz',
    "prediction": 'prediction = hpt.prediction("2-learning-rate")\nprediction',
}
# Those that have more than questions: what is moved stands beside what is seen.
LABS = [name for name in CELLS if name not in ("quiz", "prediction")]

# What is there only when a lab was used: rows of runs, lists of searches, more fields.
USE = {
    "training": "training.set(training_size=500); training.start(); training.wait(60)",
    "search": "search.run('tpe', trials=25); search.run('random', trials=4)",
    "grid": "[grid.record.append(hpt.Trial(values, 'grid', validation_accuracy=0.8,"
    " fold_scores=(0.79, 0.81))) for values in ParameterGrid(grid.space.grid())]",
    "sweep": "sweep.set(learning_rate=[0.01, 0.1], seeds=1); sweep.start(); sweep.wait(60)",
    "range_test": "range_test.run(n_updates=40)",
    "descent": "descent.set(gradient_noise=0.1, optimizers=['adam', 'rmsprop', 'nesterov'])",
    "backprop": "backprop.go_to(3)",
    "network": "network.set(task='plane'); network.train(50)",
    "bayes": "bayes.set(acquisition='upper_bound'); bayes.ask(0.001); bayes.wait(60)",
    "bank": "bank.set(n_seeds=5)",
    "canvas": "canvas.draw([[(60, 60), (220, 50), (130, 240)]])",
    "quiz": "quiz.answer(1, 1)",
    "prediction": "prediction.answer([[(0, 2.3), (50_000, 0.3)], None, None, None])",
}


def cells(*names: str, language: LanguageCode = "en") -> list[str]:
    """Return the cells that show the labs of these names, behind one that prepares them."""
    return [SET_UP.format(language=language), *(CELLS[name] for name in names)]

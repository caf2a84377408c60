"""The descent lab's mathematics in Node, against the package."""

from dataclasses import asdict

import numpy as np
from references import write_json

import hpt_widgets as hpt
from hpt_widgets.language import use_language
from tools.site import package
from tools.site.facts import texts, write_noise

STEPS = 60
# Where a start that is one rounding off moves a walk by less than this, whole walks are compared.
STABLE = 1e-10


def walk_of(surface, optimizer, **settings):
    """Walk, and return all of it with the verdicts in both languages."""
    path = hpt.descend(surface, optimizer, steps=STEPS, **settings)
    start = surface.start if settings.get("start") is None else settings["start"]
    off = tuple(float(np.nextafter(place, np.inf)) for place in start)
    nudged = hpt.descend(surface, optimizer, steps=STEPS, **{**settings, "start": off})
    moved = np.abs(nudged.points - path.points).max()
    random = np.random.default_rng(path.seed)
    return {
        "surface": surface.name,
        "condition_number": surface.condition_number,
        "optimizer": optimizer,
        "start": start,
        "points": path.points,
        "losses": path.losses,
        "gradients": path.gradients,
        "learning_rates": path.learning_rates,
        "diverged_at": path.diverged_at,
        "learning_rate": path.learning_rate,
        "steps": path.steps,
        "momentum": path.momentum,
        "schedule": path.schedule,
        "gradient_noise": path.gradient_noise,
        "normals": random.standard_normal(path.points.size),
        "is_stable": bool(moved < STABLE),
        "verdicts": list(verdicts_of(path, surface)),
    }


def verdicts_of(path, surface):
    for language in package.LANGUAGES:
        use_language(language)
        for step in (0, 1, 2, 5, 14, 29, 30, 45, STEPS):
            verdict = package.describe(path, surface, step)
            yield {
                "step": step,
                "language": language,
                "state": verdict.state.value,
                "words": str(verdict),
            }


def all_walks():
    """Every optimiser on every surface: the suggested rate, one far too large, and noise."""
    for surface in package.SURFACES.values():
        rates = package.suggested_rates(surface)
        for optimizer in package.DESCENT_OPTIMIZERS:
            rate = rates[optimizer]
            yield walk_of(surface, optimizer, learning_rate=rate)
            yield walk_of(surface, optimizer, learning_rate=40 * rate, schedule="cosine")
            yield walk_of(
                surface,
                optimizer,
                learning_rate=rate,
                gradient_noise=2.0,
                seed=5,
                momentum=0.5,
                schedule="step",
            )
    yield walk_of(hpt.surfaces.quadratic_bowl(200.0), "gradient_descent", learning_rate=0.01)
    yield walk_of(hpt.surfaces.parabola, "gradient_descent", learning_rate=1.0)


def test_every_optimiser_walks_as_the_packages_does(run_node, tmp_path):
    walks = list(all_walks())
    assert sum(walk["is_stable"] for walk in walks) > 60
    assert sum(walk["diverged_at"] is not None for walk in walks) > 10
    states = {verdict["state"] for walk in walks for verdict in walk["verdicts"]}
    assert len(states) >= 8
    rows = [np.abs(np.array(walk["losses"])) + 1e-9 for walk in walks[:40]]
    fallen = 10.0 ** np.concatenate([np.arange(2, -14, -1), np.full(20, -13), np.arange(-12, 3)])
    flown = np.concatenate([10.0 ** np.arange(40), np.full(11, 1e40)])
    outside = np.maximum(np.stack([fallen, flown]), package.LOWEST_DRAWN)
    write_json(
        tmp_path / "descent.json",
        {
            "walks": walks,
            "texts": {language: texts(language) for language in package.LANGUAGES},
            "schedules": [
                {"schedule": name, "steps": n, "factors": package.schedule_factors(name, n)}
                for name in package.SCHEDULES
                for n in (1, 7, 100)
            ],
            "limits": [
                dict(
                    zip(
                        ("rows", "low", "high"),
                        ([row], *package.loss_limits(row[None])),
                        strict=True,
                    )
                )
                for row in rows
            ],
            "scenes": [
                {"heights": row, **asdict(package.loss_scene(row))}
                for row in (outside, outside[1:], *(row[None] for row in rows[:8]))
            ],
        },
    )
    run_node("descent.test.mjs")


def test_the_noise_of_each_seed_is_what_the_packages_walks_meet(tmp_path):
    write_noise(tmp_path)
    surface = hpt.surfaces.saddle
    for seed in (0, 7):
        path = hpt.descend(surface, gradient_noise=0.5, seed=seed, steps=STEPS)
        met = (path.gradients - surface.gradient(path.points)) / 0.5
        drawn = np.fromfile(tmp_path / f"noise-{seed}.bin", "<f8")
        assert np.allclose(drawn[: met.size].reshape(met.shape), met, atol=1e-9)

"""
Writes multiScaleRidge.json: ridge regression on features at two scales in the limit of many dimensions, exact and after the
formulas of Pezeshki et al. 2022 (arXiv 2112.03215, Eqs. 14-16) and of their released program, at parameters that are in no
template. Independent of the laboratory: mu by fixed-point iteration, Q by a linear solve.
"""
import json
import os

import numpy as np


def exact(s, alpha, phi, strength, noise):
    mu = alpha
    for _ in range(200000):
        following = alpha / (1 + sum(p * q / (s + mu * q) for p, q in zip(phi, strength)))
        if following == mu:
            break
        mu = following
    g = [1 / (s + mu * q) for q in strength]
    gamma = mu**2 / alpha * sum(p * (q * x) ** 2 for p, q, x in zip(phi, strength, g))
    covariance = (s**2 * sum(p * x * x for p, x in zip(phi, g)) + gamma * noise) / (1 - gamma)
    overlap = mu * sum(p * q * x for p, q, x in zip(phi, strength, g))
    return [overlap, covariance - 1 + 2 * overlap, covariance / 2]


def paper(s, n, d, p, kappa, noise, slow):
    alpha = [n / p, n / (d - p)]
    ridge = [s * d / p, slow * s * kappa**2 * d / (d - p)]
    a = []
    for x, l in zip(alpha, ridge):
        q = 1 - x - l
        root = np.sqrt(q * q + 4 * l)
        a.append(1 + 2 * l / (q + root) if q > 0 else 1 + (root - q) / 2)
    overlaps = [n / d / x for x in a]
    b = [x / (y * y - x) for x, y in zip(alpha, a)]
    c = [1 + noise - 2 * overlaps[1 - j] - n / d * (2 - a[j]) / a[j] for j in range(2)]
    q = np.linalg.solve([[1, -b[0]], [-b[1], 1]], [b[0] * c[0], b[1] * c[1]])
    overlap, norm = sum(overlaps), sum(q)
    return [overlap, norm, (1 - 2 * overlap + norm) / 2]


settings = [
    dict(n=90, d=60, p=25, kappa=13.0, noise=0.09),
    dict(n=45, d=80, p=30, kappa=4.0, noise=0.0),
    dict(n=300, d=120, p=100, kappa=200.0, noise=0.25),
]
ridges = [3.0, 0.3, 0.02, 1e-3, 2e-5]
rows = []
for setting in settings:
    n, d, p, kappa, noise = (setting[name] for name in ("n", "d", "p", "kappa", "noise"))
    phi, strength = [p / d, 1 - p / d], [1.0, kappa**-2]
    rows.append(
        dict(
            setting,
            ridges=ridges,
            exact=[exact(s, n / d, phi, strength, noise) for s in ridges],
            paper=[paper(s, n, d, p, kappa, noise, 1.0) for s in ridges],
            released=[paper(s, n, d, p, kappa, noise, 2.0) for s in ridges],
        )
    )
target = os.path.join(os.path.dirname(os.path.abspath(__file__)), "multiScaleRidge.json")
with open(target, "w") as file:
    json.dump(rows, file, indent=1)

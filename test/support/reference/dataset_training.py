"""Gradient descent of a linear network on dense real data, and the least squares it tends to: dataset-training.json."""

import json
from pathlib import Path

import numpy as np

rng = np.random.default_rng(5)
X = rng.normal(size=(12, 3))
Y = X @ rng.normal(size=(3, 2)) + 0.1 * rng.normal(size=(12, 2))
E, W = 0.5 * rng.normal(size=(3, 4)), 0.5 * rng.normal(size=(4, 2))
start = {"E": E.tolist(), "W": W.tolist()}
learning_rate, weight_decay, steps = 0.1, 1e-3, 200
for _ in range(steps):
    C = 2 * (X @ E @ W - Y) / Y.size
    gradient_E, gradient_W = X.T @ C @ W.T, (X @ E).T @ C
    E = E - learning_rate * (gradient_E + weight_decay * E)
    W = W - learning_rate * (gradient_W + weight_decay * W)
least_squares = np.linalg.lstsq(X, Y, rcond=None)[0]

Path(__file__).with_name("dataset-training.json").write_text(
    json.dumps(
        {
            "X": X.tolist(),
            "Y": Y.tolist(),
            "start": start,
            "learningRate": learning_rate,
            "weightDecay": weight_decay,
            "steps": steps,
            "E": E.tolist(),
            "W": W.tolist(),
            "loss": float(((X @ E @ W - Y) ** 2).sum()),
            "leastSquares": least_squares.tolist(),
            "leastSquaresLoss": float(((X @ least_squares - Y) ** 2).sum()),
        }
    )
    + "\n"
)

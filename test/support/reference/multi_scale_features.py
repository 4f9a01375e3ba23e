"""Writes multiScaleFeatures.json: the exact limit and finite students of Pezeshki et al. 2022 (arXiv 2112.03215), in NumPy."""
import json
import pathlib

import numpy as np


def contour(tau, nodes=32):
    theta = -np.pi + (np.arange(nodes) + 0.5) * 2 * np.pi / nodes
    a, b, c, e = 0.5017, 0.6407, 0.6122, 0.2645
    s = nodes / tau * (a * theta / np.tan(b * theta) - c + 1j * e * theta)
    slope = nodes / tau * (a / np.tan(b * theta) - a * b * theta / np.sin(b * theta) ** 2 + 1j * e)
    return s, np.exp(s * tau) * slope / (1j * nodes)


def mu_of(s, alpha, shares, strengths):
    mu = np.full(s.shape, alpha, dtype=complex)
    start = np.log(1e4 * (1 + alpha) * max(strengths) / np.abs(s).min())
    for x in np.linspace(start, 0, int(np.ceil(5 * max(start, 1) / np.log(10))) + 1):
        at = s * np.exp(x)
        for _ in range(4):
            delta = sum(p * q / (at + mu * q) for p, q in zip(shares, strengths))
            slope = -sum(p * q * q / (at + mu * q) ** 2 for p, q in zip(shares, strengths))
            mu = mu - (mu * (1 + delta) - alpha) / ((1 + delta) + mu * slope)
    return mu


def flow(tau, alpha, shares, strengths, variance=0.0, decay=0.0):
    s, w = contour(tau)
    z = s + decay
    mu = mu_of(z, alpha, shares, strengths)
    g = [1 / (z + mu * q) for q in strengths]
    factor = 1 + decay / s
    signal = sum(p * np.outer(x, x) for p, x in zip(shares, g)) * np.outer(factor, factor)
    gamma = np.outer(mu, mu) / alpha * sum(p * q * q * np.outer(x, x) for p, q, x in zip(shares, strengths, g))
    covariance = (w @ ((signal + gamma * variance / np.outer(s, s)) / (1 - gamma)) @ w).real
    overlap = 1 - (w @ (sum(p * x for p, x in zip(shares, g)) * factor)).real
    return overlap, covariance - 1 + 2 * overlap, 0.5 * covariance


def finite(Z, W, noise, f, taus, decay, deviation):
    d = len(W)
    X = Z * f
    y = Z @ W + noise
    values, V = np.linalg.eigh(X.T @ X)
    values = np.clip(values, 0, None)
    rows = []
    for tau in taus:
        rate = values + decay
        h = np.where(rate * tau > 1e-12, -np.expm1(-rate * tau) / np.where(rate > 0, rate, 1), tau)
        u = f * (V @ (h * (V.T @ (X.T @ y))))
        A = (f[:, None] * V) @ (h[:, None] * (V.T @ (X.T @ Z)))
        B = (f[:, None] * V) * (h * np.sqrt(values))
        average = [np.trace(A) / d, (A * A).sum() / d + deviation**2 * (B * B).sum() / d]
        rows.append([u @ W / d, u @ u / d, 0.5 * ((W - u) @ (W - u)) / d, *average])
    return rows


def descent(Z, W, noise, f, step, counts, decay):
    d = len(W)
    X, y, w = Z * f, Z @ W + noise, np.zeros(d)
    rows = []
    for t in range(1, max(counts) + 1):
        w = w - step * (X.T @ (X @ w - y) + decay * w)
        if t in counts:
            u = f * w
            rows.append([u @ W / d, u @ u / d, 0.5 * ((W - u) @ (W - u)) / d])
    return rows


n, d = 6, 4
Z = np.array([[np.sin(1.0 + 3 * i + 2 * j + i * j) for j in range(d)] for i in range(n)]) / 2
W = np.array([1.0, -1, 0.5, 2])
noise = 0.1 * np.cos(np.arange(n))
f = np.array([1, 1, 1 / 3, 1 / 3])
tiny = [0.1, 1, 10, 100, 1000.0]
taus = [0.01, 0.1, 1, 3, 10, 44.668359215096345, 100, 1000, 1e4, 1e5]
steps, counts = [0.05, 1.5], [1, 2, 5, 50, 1000]
limit = (1.3, [0.7, 1 - 0.7], [1.0, 1e-4])
written = {
    'tiny': {
        'taus': tiny,
        'rows': finite(Z, W, noise, f, tiny, 0.0, 0.1),
        'rowsWithDecay': finite(Z, W, noise, f, tiny, 0.05, 0.1),
    },
    'descent': [
        {'stepSize': step, 'steps': counts, 'decay': decay, 'rows': descent(Z, W, noise, f, step, counts, decay)}
        for step in steps
        for decay in (0.0, 0.05)
    ],
    'flow': {
        'taus': taus,
        'rows': [flow(tau, *limit) for tau in taus],
        'rowsWithNoiseAndDecay': [flow(tau, *limit, 0.04, 0.01) for tau in taus],
    },
}
pathlib.Path(__file__).with_name('multiScaleFeatures.json').write_text(json.dumps(written, indent=1) + '\n')

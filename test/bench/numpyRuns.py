"""NumPy's peer of `node test/bench/sweeps.ts`: runs FIRST to LAST of full-batch gradient descent on modular addition, one after the other.

python3 numpyRuns.py FIRST LAST P HIDDEN SHARE STEPS EVERY: the same steps, and the same measurements at every EVERY-th.
"""
import sys
import numpy as np

first, last, p, hidden = map(int, sys.argv[1:5])
share, steps, every = float(sys.argv[5]), int(sys.argv[6]), int(sys.argv[7])
a, b = np.triu_indices(p)
total = len(a)
n = round(share * total)
for seed in range(first, last):
    rng = np.random.default_rng(seed)
    X = np.zeros((total, p)); X[np.arange(total), a] += 1; X[np.arange(total), b] += 1
    Y = np.zeros((total, p)); Y[np.arange(total), (a + b) % p] = 1
    order = rng.permutation(total)
    Xt, Yt, Xv, Yv = X[order[:n]], Y[order[:n]], X[order[n:]], Y[order[n:]]
    E = rng.standard_normal((p, hidden)) / np.sqrt(p)
    W = rng.standard_normal((hidden, p)) / np.sqrt(p)
    rate, decay, rows = 1.0, 1e-4, []
    for step in range(steps):
        Z = Xt @ E
        H = np.maximum(Z, 0)
        R = H @ W - Yt
        if step % every == 0:
            V = np.maximum(Xv @ E, 0) @ W
            rows.append((np.mean(R * R), np.mean((V - Yv) ** 2), np.mean(np.argmax(V, 1) == np.argmax(Yv, 1)),
                         np.mean(np.argmax(R + Yt, 1) == np.argmax(Yt, 1)), np.sum(E * E), np.sum(W * W)))
        G = (2 / R.size) * R
        back = (G @ W.T) * (Z > 0)
        W -= rate * (H.T @ G + decay * W)
        E -= rate * (Xt.T @ back + decay * E)

"""NumPy and SciPy peers of Grokscope's benchmark: reads one case a line on standard input, answers its milliseconds.

A line is JSON {"method": "literal" | "cholesky" | "training", "p", "hidden", "n", "precision", "repetitions"}; the answer
{"milliseconds": [...]}, or {"error": text}. Threads are set by OPENBLAS_NUM_THREADS and its kin in the environment.
"literal" is Eq. 20 as the paper writes it, with the explicit inverse and n x n products; "cholesky" is the same field
through scipy.linalg.cho_factor.
"""
import json, sys, time
import numpy as np


def problem(case):
    p, hidden, n = case["p"], case["hidden"], case["n"]
    kind = np.dtype(case["precision"])
    rng = np.random.default_rng(0)
    a, b = np.triu_indices(p)
    rows = np.sort(rng.permutation(len(a))[:n])
    X = np.zeros((n, p), kind); X[np.arange(n), a[rows]] += 1; X[np.arange(n), b[rows]] += 1
    Y = np.zeros((n, p), kind); Y[np.arange(n), (a[rows] + b[rows]) % p] = 1
    E = (rng.standard_normal((p, hidden)) / np.sqrt(p)).astype(kind)
    W = (rng.standard_normal((hidden, p)) / np.sqrt(hidden)).astype(kind)
    return X, Y, E, W


def literal(X, Y, E, W):
    Z = X @ E; H = np.maximum(Z, 0)
    A = np.linalg.inv(H @ H.T)
    return X.T @ ((A @ Y @ Y.T @ A @ H) * (Z > 0)) - E


def cholesky(X, Y, E, W):
    from scipy.linalg import cho_factor, cho_solve
    Z = X @ E; H = np.maximum(Z, 0)
    B = cho_solve(cho_factor(H @ H.T, lower=True, overwrite_a=True, check_finite=False), Y, check_finite=False)
    return X.T @ ((B @ (B.T @ H)) * (Z > 0)) - E


def training(X, Y, E, W):
    Z = X @ E; H = np.maximum(Z, 0); G = (2 / Y.size) * (H @ W - Y)
    gE, gW = X.T @ ((G @ W.T) * (Z > 0)), H.T @ G
    E -= 0.5 * (gE + 1e-4 * E); W -= 0.5 * (gW + 1e-4 * W)


METHODS = {"literal": literal, "cholesky": cholesky, "training": training}

for line in sys.stdin:
    try:
        case = json.loads(line)
        arguments, method, times = problem(case), METHODS[case["method"]], []
        for i in range(case["repetitions"] + 1):
            started = time.perf_counter(); method(*arguments)
            if i: times.append(1000 * (time.perf_counter() - started))
        answer = {"milliseconds": times}
    except Exception as error:
        answer = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(answer), flush=True)

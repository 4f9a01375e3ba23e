"""Independent float64 reference values for the lab's tests (NumPy + SciPy, no code of the project).

Run:  python3 make_reference.py        writes *.json beside this file.
Pairs are listed in the order of numpy.triu_indices(p): (0,0), (0,1), ..., (0,p-1), (1,1), ...
Matrices are nested lists, row major. Formulas: SCIENCE.md.
"""
import json, pathlib
import numpy as np
from scipy.linalg import cho_factor, cho_solve

HERE = pathlib.Path(__file__).parent
ACTIVATIONS = {
    "relu": (lambda z: np.maximum(z, 0.0), lambda z: (z > 0).astype(float)),
    "quadratic": (lambda z: z * z, lambda z: 2 * z),
    "tanh": (np.tanh, lambda z: 1 - np.tanh(z) ** 2),
}


def modular_addition(p):
    a, b = np.triu_indices(p)
    k = len(a)
    X = np.zeros((k, p)); X[np.arange(k), a] += 1; X[np.arange(k), b] += 1
    Y = np.zeros((k, p)); Y[np.arange(k), (a + b) % p] = 1
    return X, Y, (a + b) % p


def problem(p, n, d_h, seed, scale):
    rng = np.random.default_rng(seed)
    X, Y, c = modular_addition(p)
    train = np.sort(rng.permutation(len(X))[:n])
    test = np.setdiff1d(np.arange(len(X)), train)
    E = rng.standard_normal((p, d_h)) * scale
    return X, Y, c, train, test, E


def isolated_step(E, X, Y, ridge, act):
    s, ds = ACTIVATIONS[act]
    Z = X @ E; H = s(Z)
    B = cho_solve(cho_factor(H @ H.T + ridge * np.eye(len(H)), lower=True), Y)
    W = H.T @ B
    return X.T @ ((B @ W.T) * ds(Z)) - E, W


def measures(E, W, X, Y, c, train, test, act):
    out = ACTIVATIONS[act][0](X @ E) @ W
    hit = out.argmax(1) == c
    return {
        "trainLoss": float(((out[train] - Y[train]) ** 2).sum()),
        "testMse": float(((out[test] - Y[test]) ** 2).mean()),
        "trainAccuracy": float(hit[train].mean()), "testAccuracy": float(hit[test].mean()),
        "firstLayerNormSquared": float((E ** 2).sum()), "secondLayerNormSquared": float((W ** 2).sum()),
    }


def isolated(name, p, n, d_h, seed, scale, ridge, act, eta, steps, keep):
    X, Y, c, train, test, E = problem(p, n, d_h, seed, scale)
    saved = []
    for t in range(steps + 1):
        dE, W = isolated_step(E, X[train], Y[train], ridge, act)
        if t in keep:
            saved.append({"step": t, "E": E.tolist(), "W": W.tolist(), "velocity": dE.tolist(),
                          **measures(E, W, X, Y, c, train, test, act)})
        E = E + eta * dE
    write(name, {"dynamics": "isolated", "integrator": "euler", "modulus": p, "hidden": d_h, "activation": act,
                 "ridge": ridge, "stepSize": eta, "train": train.tolist(), "saved": saved})


def training(name, p, n, d_h, seed, lr, decay, steps, keep):
    """Full-batch gradient descent on the mean over all n*p entries; W <- W - lr (grad + decay W)."""
    X, Y, c, train, test, E = problem(p, n, d_h, seed, 1 / np.sqrt(p))
    W = np.random.default_rng(seed + 1).standard_normal((d_h, p)) / np.sqrt(d_h)
    W0 = W.copy(); saved = []
    Xt, Yt = X[train], Y[train]
    for t in range(steps + 1):
        Z = Xt @ E; H = np.maximum(Z, 0); R = H @ W - Yt; G = 2 * R / Yt.size
        gE, gW = Xt.T @ ((G @ W.T) * (Z > 0)), H.T @ G
        if t in keep:
            saved.append({"step": t, "E": E.tolist(), "W": W.tolist(), "gradE": gE.tolist(), "gradW": gW.tolist(),
                          "trainMse": float((R ** 2).mean()), **measures(E, W, X, Y, c, train, test, "relu")})
        E, W = E - lr * (gE + decay * E), W - lr * (gW + decay * W)
    write(name, {"dynamics": "training", "optimizer": "gradient-descent", "loss": "mean-squared-error", "reduction": "mean",
                 "modulus": p, "hidden": d_h, "activation": "relu", "learningRate": lr, "weightDecay": decay,
                 "train": train.tolist(), "saved": saved})
    return X[train], Y[train], E, W


def jacobian(E, W, X):
    Z = X @ E; H = np.maximum(Z, 0); M = (Z > 0).astype(float)
    n, p = len(X), W.shape[1]; h = W.shape[0]
    J = np.zeros((n, p, E.size + W.size))
    for o in range(p):
        J[:, o, :E.size] = np.einsum("ni,nj->nij", X, M * W[:, o]).reshape(n, -1)
        JW = np.zeros((n, h, p)); JW[:, :, o] = H; J[:, o, E.size:] = JW.reshape(n, -1)
    return J.reshape(n * p, -1)


def geometry(name, X, Y, E, W):
    """Gauss-Newton projection onto the zero-loss set, then the tangential part of -theta there."""
    theta0 = np.concatenate([E.ravel(), W.ravel()]); theta = theta0.copy(); shape, cut = E.shape, E.size
    split = lambda t: (t[:cut].reshape(shape), t[cut:].reshape(W.shape))
    for _ in range(30):
        e, w = split(theta); r = (np.maximum(X @ e, 0) @ w - Y).ravel()
        if np.abs(r).max() < 1e-13: break
        J = jacobian(e, w, X); theta = theta - J.T @ np.linalg.solve(J @ J.T, r)
    e, w = split(theta); J = jacobian(e, w, X)
    direction = -theta0 + J.T @ np.linalg.solve(J @ J.T, J @ theta0)
    loss_gradient = 2 * jacobian(E, W, X).T @ (np.maximum(X @ E, 0) @ W - Y).ravel()
    tangential = loss_gradient - J.T @ np.linalg.solve(J @ J.T, J @ loss_gradient)
    write(name, {"X": X.tolist(), "Y": Y.tolist(), "E": E.tolist(), "W": W.tolist(),
                 "projectedE": e.tolist(), "projectedW": w.tolist(),
                 "distance": float(np.linalg.norm(theta - theta0)),
                 "normMinimizingDirection": direction.tolist(),
                 "lossGradientTangentialFraction": float(np.linalg.norm(tangential) / np.linalg.norm(loss_gradient))})


def fourier(name, p, d_h, seed):
    E = np.random.default_rng(seed).standard_normal((p, d_h))
    F = np.fft.fft(E, axis=0)[1:(p - 1) // 2 + 1] / p
    V = np.concatenate([F.real, F.imag]); U = V / np.linalg.norm(V, axis=1, keepdims=True)
    A = np.abs(V); A = A / np.linalg.norm(A, axis=1, keepdims=True)
    write(name, {"E": E.tolist(), "real": F.real.tolist(), "imaginary": F.imag.tolist(),
                 "norms": np.linalg.norm(V, axis=1).tolist(), "cosines": (U @ U.T).tolist(), "absoluteCosines": (A @ A.T).tolist()})


def write(name, value):
    (HERE / f"{name}.json").write_text(json.dumps(value))


if __name__ == "__main__":
    isolated("isolated-zero-loss-relu", 7, 20, 40, 11, 7 ** -0.5, 0.0, "relu", 1e-3, 1000, {0, 1, 10, 100, 1000})
    isolated("isolated-zero-loss-quadratic", 5, 11, 40, 12, 5 ** -0.5, 0.0, "quadratic", 1e-4, 200, {0, 1, 200})
    isolated("isolated-zero-loss-tanh", 7, 20, 40, 13, 7 ** -0.5, 0.0, "tanh", 1e-3, 200, {0, 1, 200})
    isolated("isolated-ridge-underparametrized", 7, 20, 12, 14, 7 ** -0.5, 1e-2, "relu", 1e-3, 500, {0, 1, 100, 500})
    Xt, Yt, E, W = training("training-gradient-descent", 5, 12, 32, 15, 0.5, 1e-3, 400, {0, 1, 10, 100, 400})
    geometry("zero-loss-geometry", Xt, Yt, E, W)
    fourier("fourier-features", 7, 6, 16)

"""When the training cross-entropy of an all-float32 training first is exactly 0 (NumPy, no code of the project).

Run:  python3 softmax_collapse.py        writes softmax-collapse.json beside this file (some minutes).

p = 7, 20 of the 28 pairs, d_h = 64, relu, E normal with deviation p^(-1/2), W with d_h^(-1/2), AdamW with eta = 0.01
and no decay, mean cross-entropy. Every array is float32 and so is every operation on it, the softmax, its logarithm, the
loss and the gradient included; "float64" is the same training with the loss and its gradient in float64, rounded once
where they meet the layers. The step is the number of optimizer steps taken; -1 where the loss did not reach 0.
"""
import json, pathlib
import numpy as np

HERE = pathlib.Path(__file__).parent
P, N, HIDDEN, RATE, STEPS = 7, 20, 64, np.float32(0.01), 30_000
BETA1, BETA2, EPSILON = np.float32(0.9), np.float32(0.999), np.float32(1e-8)


def problem(seed):
    rng = np.random.default_rng(seed)
    a, b = np.triu_indices(P)
    X = np.zeros((len(a), P), np.float32)
    np.add.at(X, (np.arange(len(a)), a), 1)
    np.add.at(X, (np.arange(len(a)), b), 1)
    train = np.sort(rng.permutation(len(a))[:N])
    E = (rng.standard_normal((P, HIDDEN)) * P**-0.5).astype(np.float32)
    W = (rng.standard_normal((HIDDEN, P)) * HIDDEN**-0.5).astype(np.float32)
    return X[train], ((a + b) % P)[train], E, W


def cross_entropy(outputs, classes, real):
    f = outputs.astype(real)
    rows = np.arange(len(f))
    shifted = f - f.max(axis=1, keepdims=True)
    powers = np.exp(shifted)
    sums = powers.sum(axis=1, keepdims=True)
    loss = (np.log(sums[:, 0]) - shifted[rows, classes]).mean(dtype=real)
    gradient = powers / sums
    gradient[rows, classes] -= real(1)
    return loss, (gradient / real(len(f))).astype(np.float32)


def first_zero(seed, real):
    X, classes, E, W = problem(seed)
    parameters = [E, W]
    means = [np.zeros_like(M) for M in parameters]
    squares = [np.zeros_like(M) for M in parameters]
    smallest = np.inf
    for step in range(STEPS + 1):
        Z = X @ parameters[0]
        H = np.maximum(Z, np.float32(0))
        loss, C = cross_entropy(H @ parameters[1], classes, real)
        assert C.dtype == H.dtype == np.float32 and loss.dtype == real
        smallest = min(smallest, float(loss))
        if loss == 0:
            return step, smallest
        gradients = [X.T @ ((C @ parameters[1].T) * (Z > 0)), H.T @ C]
        t = step + 1
        rate = np.float32(RATE / (1 - float(BETA1) ** t))
        correction = np.float32(1 - float(BETA2) ** t)
        for i, g in enumerate(gradients):
            means[i] = BETA1 * means[i] + (1 - BETA1) * g
            squares[i] = BETA2 * squares[i] + (1 - BETA2) * g * g
            parameters[i] = parameters[i] - rate * means[i] / (np.sqrt(squares[i] / correction) + EPSILON)
    return -1, smallest


if __name__ == "__main__":
    found = {}
    for name, real in (("float32", np.float32), ("float64", np.float64)):
        seeds = range(5) if name == "float32" else range(2)
        found[name] = [dict(zip(("seed", "step", "smallest"), (seed, *first_zero(seed, real)))) for seed in seeds]
        print(name, found[name], flush=True)
    setting = {"modulus": P, "pairs": N, "hidden": HIDDEN, "learningRate": 0.01, "steps": STEPS}
    (HERE / "softmax-collapse.json").write_text(json.dumps({**setting, **found}, indent=2) + "\n")

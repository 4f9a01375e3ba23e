"""Training of two layers with biases, from the formulas of SCIENCE.md section 2 and 4 alone (NumPy, float64, no code of the
project): Y = s(XE + b)W + c, 50 steps of gradient descent, momentum and AdamW, with and without rates of the biases' own
and a clipped gradient, on the squared error and the cross-entropy.

Run:  python3 biased_training.py         writes biased-training.json beside this file.
"""
import itertools, json, pathlib
import numpy as np

HERE = pathlib.Path(__file__).parent
P, HIDDEN, STEPS = 5, 16, 50
NAMES = ["E", "b", "W", "c"]
SETTINGS = {"gradientDescent": (0.5, 0.05), "momentum": (0.1, 0.05), "adamw": (0.01, 0.05)}
ACTIVATIONS = {
    "relu": (lambda z: np.maximum(z, 0), lambda z: (z > 0).astype(float)),
    "tanh": (np.tanh, lambda z: 1 - np.tanh(z) ** 2),
}


def data():
    a, b = np.triu_indices(P)
    return np.eye(P)[a] + np.eye(P)[b], np.eye(P)[(a + b) % P]


def gradient(theta, X, Y, loss, activation):
    value, slope = ACTIVATIONS[activation]
    Z = X @ theta["E"] + theta["b"]
    H = value(Z)
    F = H @ theta["W"] + theta["c"]
    if loss == "meanSquaredError":
        C = 2 * (F - Y) / Y.size
    else:
        S = np.exp(F - F.max(axis=1, keepdims=True))
        C = (S / S.sum(axis=1, keepdims=True) - Y) / len(Y)
    G = (C @ theta["W"].T) * slope(Z)
    return {"E": X.T @ G, "b": G.sum(axis=0), "W": H.T @ C, "c": C.sum(axis=0)}


def train(theta, X, Y, case):
    theta = {name: value.copy() for name, value in theta.items()}
    first = {name: np.zeros_like(value) for name, value in theta.items()}
    second = {name: np.zeros_like(value) for name, value in theta.items()}
    for t in range(1, STEPS + 1):
        grads = gradient(theta, X, Y, case["loss"], case["activation"])
        if "maxGradientNorm" in case:
            norm = np.sqrt(sum((g ** 2).sum() for g in grads.values()))
            grads = {name: g * min(1, case["maxGradientNorm"] / (norm + 1e-6)) for name, g in grads.items()}
        for name in NAMES:
            own = case.get("perParameter", {}).get(name, {"learningRate": 1, "weightDecay": 1})
            lr, wd = case["learningRate"] * own["learningRate"], case["weightDecay"] * own["weightDecay"]
            g, old = grads[name], theta[name]
            if case["optimizer"] == "gradientDescent":
                theta[name] = old - lr * (g + wd * old)
            elif case["optimizer"] == "momentum":
                first[name] = 0.9 * first[name] + g + wd * old
                theta[name] = old - lr * first[name]
            else:
                first[name] = 0.9 * first[name] + 0.1 * g
                second[name] = 0.999 * second[name] + 0.001 * g ** 2
                mean, square = first[name] / (1 - 0.9 ** t), second[name] / (1 - 0.999 ** t)
                theta[name] = (1 - lr * wd) * old - lr * mean / (np.sqrt(square) + 1e-8)
    return theta


def cases():
    rates = [None, {"b": {"learningRate": 1, "weightDecay": 0}, "c": {"learningRate": 0.5, "weightDecay": 0}}]
    for optimizer, loss, activation, clip, per in itertools.product(
        SETTINGS, ["meanSquaredError", "crossEntropy"], ACTIVATIONS, [None, 0.02], rates,
    ):
        learning_rate, weight_decay = SETTINGS[optimizer]
        case = {"optimizer": optimizer, "loss": loss, "activation": activation}
        case |= {"learningRate": learning_rate, "weightDecay": weight_decay}
        if clip: case["maxGradientNorm"] = clip
        if per: case["perParameter"] = per
        yield case


if __name__ == "__main__":
    rng = np.random.default_rng(34)
    X, Y = data()
    chosen = np.sort(rng.permutation(len(X))[:12])
    shapes = {"E": (P, HIDDEN), "b": (1, HIDDEN), "W": (HIDDEN, P), "c": (1, P)}
    theta = {name: rng.standard_normal(shape) / np.sqrt(P) for name, shape in shapes.items()}
    found = []
    for case in cases():
        ends = train(theta, X[chosen], Y[chosen], case)
        # A sum with weights cos 1, cos 2, ... stands for a whole parameter.
        probes = {name: float(np.cos(1 + np.arange(end.size)) @ end.ravel()) for name, end in ends.items()}
        activation = case.pop("activation")
        found.append({"activation": activation, "dynamics": case, "probes": probes})
    start = {name: value.tolist() for name, value in theta.items()}
    (HERE / "biased-training.json").write_text(json.dumps({"train": chosen.tolist(), "start": start, "cases": found}) + "\n")

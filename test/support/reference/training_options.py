"""Training with every optimizer, loss, reduction, batch, schedule, kind of decay, clipping and rates per parameter, from
the formulas of SCIENCE.md section 4 alone (NumPy, float64, no code of the project).

Run:  python3 training_options.py         writes training-options.json beside this file.

Which samples a batch takes is the project's to draw; they are read from batches-epochs.npz and batches-replacement.npz,
of runs of p = 5, trainFraction 0.8, 50 steps, batch size 5, seed 0, sampling withoutReplacement and withReplacement:
    grokscope export RUN --format batches --out batches-epochs.npz
Where those files are not there, they are taken from training-options.json, as they were read before.
"""
import itertools, json, pathlib
import numpy as np

HERE = pathlib.Path(__file__).parent
P, HIDDEN, STEPS, WARMUP, FLOOR, BETA = 5, 16, 50, 10, 0.1, 0.9
FILES = {"withoutReplacement": "batches-epochs.npz", "withReplacement": "batches-replacement.npz"}


def batches(sampling):
    held = json.loads((HERE / "training-options.json").read_text())["batchIndices"] if not (HERE / FILES[sampling]).exists() else None
    table = held[sampling] if held else np.load(HERE / FILES[sampling])["batchIndices"].tolist()
    return [[i for i in row if i >= 0] for row in table]


def data():
    a, b = np.triu_indices(P)
    X, Y = np.zeros((len(a), P)), np.zeros((len(a), P))
    np.add.at(X, (np.arange(len(a)), a), 1); np.add.at(X, (np.arange(len(a)), b), 1)
    Y[np.arange(len(a)), (a + b) % P] = 1
    return X, Y


def gradient(E, W, X, Y, loss, reduction):
    Z = X @ E; H = np.maximum(Z, 0); F = H @ W
    if loss == "meanSquaredError":
        C = 2 * (F - Y) / (Y.size if reduction == "mean" else 1)
    else:
        S = np.exp(F - F.max(axis=1, keepdims=True)); S /= S.sum(axis=1, keepdims=True)
        C = (S - Y) / (len(Y) if reduction == "mean" else 1)
    return [X.T @ ((C @ W.T) * (Z > 0)), H.T @ C]


def share(t, schedule):
    """get_cosine_with_min_lr_schedule_with_warmup and get_constant_schedule_with_warmup of transformers."""
    if schedule is None:
        return 1.0
    if t < WARMUP:
        return t / WARMUP
    if schedule["shape"] == "constant":
        return 1.0
    half = 0.5 * (1 + np.cos(np.pi * (t - WARMUP) / (STEPS - WARMUP)))
    return half * (1 - FLOOR) + FLOOR


def train(theta, X, Y, rows, case):
    theta = [part.copy() for part in theta]
    first, second = [np.zeros_like(p) for p in theta], [np.zeros_like(p) for p in theta]
    optimizer, wd = case["optimizer"], case["weightDecay"]
    decoupled = case.get("weightDecayKind", "decoupled" if optimizer == "adamw" else "l2") == "decoupled"
    tau = 0.0
    for t in range(STEPS):
        eta = case["learningRate"] * share(t, case.get("schedule"))
        at = rows[t] if rows else list(range(len(X)))
        grads = gradient(*theta, X[at], Y[at], case["loss"], case["reduction"])
        norm = np.sqrt(sum((g ** 2).sum() for g in grads))
        if "maxGradientNorm" in case:
            grads = [g * min(1, case["maxGradientNorm"] / (norm + 1e-6)) for g in grads]
        for i, name in enumerate("EW"):
            rates = case.get("perParameter", {}).get(name, {"learningRate": 1, "weightDecay": 1})
            lr, decay = eta * rates["learningRate"], wd * rates["weightDecay"]
            g, old = grads[i] + (0 if decoupled else decay * theta[i]), theta[i]
            if optimizer == "gradientDescent":
                step = lr * g
            elif optimizer == "momentum":
                first[i] = BETA * first[i] + g
                step = lr * first[i]
            else:
                first[i] = 0.9 * first[i] + 0.1 * g
                second[i] = 0.999 * second[i] + 0.001 * g ** 2
                step = lr * (first[i] / (1 - 0.9 ** (t + 1))) / (np.sqrt(second[i] / (1 - 0.999 ** (t + 1))) + 1e-8)
            theta[i] = old - step - (lr * decay * old if decoupled else 0)
        tau += eta * wd / (1 - BETA if optimizer == "momentum" and not decoupled else 1)
    return theta, tau


def cases():
    schedules = [None, {"shape": "constant", "warmupSteps": WARMUP}, {"shape": "cosine", "warmupSteps": WARMUP, "floor": FLOOR}]
    rates = [None, {"E": {"learningRate": 0.5, "weightDecay": 2}, "W": {"learningRate": 1, "weightDecay": 0}}]
    clips = {"meanSquaredError": {"mean": 0.02, "sum": 1.0}, "crossEntropy": {"mean": 0.1, "sum": 1.0}}
    terms = {"meanSquaredError": 12 * P, "crossEntropy": 12}
    for optimizer, loss, reduction, sampling, schedule, other, clip, per in itertools.product(
        ["gradientDescent", "momentum", "adamw"], ["meanSquaredError", "crossEntropy"], ["mean", "sum"],
        [None, "withoutReplacement", "withReplacement"], schedules, [False, True], [False, True], rates,
    ):
        if optimizer == "gradientDescent" and other:
            continue
        scale = terms[loss] if reduction == "sum" and optimizer != "adamw" else 1
        case = {"optimizer": optimizer, "loss": loss, "reduction": reduction}
        case["learningRate"] = {"gradientDescent": 0.5, "momentum": 0.1, "adamw": 0.01}[optimizer] / scale
        case["weightDecay"] = 0.05 * scale
        if sampling: case["batch"] = {"size": 5, "sampling": sampling}
        if schedule: case["schedule"] = schedule
        if other: case["weightDecayKind"] = "l2" if optimizer == "adamw" else "decoupled"
        if clip: case["maxGradientNorm"] = clips[loss][reduction]
        if per: case["perParameter"] = per
        yield case


if __name__ == "__main__":
    rng = np.random.default_rng(21)
    X, Y = data()
    chosen = np.sort(rng.permutation(len(X))[:12])
    theta = [rng.standard_normal((P, HIDDEN)) / np.sqrt(P), rng.standard_normal((HIDDEN, P)) / np.sqrt(HIDDEN)]
    rows = {sampling: batches(sampling) for sampling in FILES}
    found = []
    for case in cases():
        ends, tau = train(theta, X[chosen], Y[chosen], rows.get(case.get("batch", {}).get("sampling")), case)
        # A sum with weights cos 1, cos 2, … stands for a whole layer.
        probes = [float(np.cos(1 + np.arange(end.size)) @ end.ravel()) for end in ends]
        found.append({"dynamics": case, "tau": tau, "probes": probes})
    padded = {name: [row + [-1] * (5 - len(row)) for row in table] for name, table in rows.items()}
    (HERE / "training-options.json").write_text(json.dumps({
        "train": chosen.tolist(), "E": theta[0].tolist(), "W": theta[1].tolist(), "batchIndices": padded, "cases": found,
    }))

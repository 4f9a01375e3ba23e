"""Independent reference values for the Fourier analyses and filters (NumPy alone, no code of the project).

Run:  python3 fourier_reference.py        writes fourier.json beside this file.
Everything goes through numpy.fft; formulas: SCIENCE.md section 5. Numbers that do not exist are null in the file.
"""
import json, pathlib
from math import erf
import numpy as np

HERE = pathlib.Path(__file__).parent
ACTIVATIONS = {
    "relu": lambda z: np.maximum(z, 0.0),
    "leakyRelu": lambda z: np.where(z > 0, z, z / 10),
    "quadratic": lambda z: z * z,
    "tanh": np.tanh,
    "gelu": lambda z: z * 0.5 * (1 + np.vectorize(erf)(z / np.sqrt(2))),
    "identity": lambda z: z,
}


def modes(E):
    """F_1 ... F_K; a real or imaginary part that is rounding is zero."""
    p = len(E)
    F = np.fft.fft(E, axis=0)[1:p // 2 + 1] / p
    floor = 1e-12 * np.linalg.norm(E) / np.sqrt(p)
    re, im = F.real.copy(), F.imag.copy()
    if p % 2 == 0:
        im[-1] = 0
    for part in (re, im):
        part[np.linalg.norm(part, axis=1) <= floor] = 0
    return re, im, floor


def power(E):
    """Power of +k and -k together, from all p coefficients."""
    p = len(E)
    re, im, _ = modes(E)
    whole = np.zeros(E.shape)
    for k in range(1, p // 2 + 1):
        square = re[k - 1] ** 2 + im[k - 1] ** 2
        whole[k] = square
        whole[p - k] = square
    return np.array([whole[k] + (whole[p - k] if p - k != k else 0) for k in range(1, p // 2 + 1)])


def cosines(rows):
    with np.errstate(invalid="ignore"):
        unit = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return unit @ unit.T


def mean(values):
    values = np.asarray(values)[~np.isnan(values)]
    return values.mean() if len(values) else np.nan


def circles(E):
    p = len(E)
    re, im, floor = modes(E)
    found = []
    for k in range(1, p // 2 + 1):
        _, length, basis = np.linalg.svd(np.array([re[k - 1], im[k - 1]]), full_matrices=False)
        basis = basis[length > floor]
        at = E @ basis.T
        at = np.pad(at, ((0, 0), (0, 2 - at.shape[1])))
        z = at[:, 0] + 1j * at[:, 1]
        if abs(z[0]) > floor:
            z = z * np.conj(z[0]) / abs(z[0])
        if (z.imag * np.sin(2 * np.pi * k * np.arange(p) / p)).sum() < 0:
            z = np.conj(z)
        found.append(np.concatenate([z.real, z.imag]))
    return np.array(found)


def analysis(E):
    p = len(E)
    re, im, floor = modes(E)
    rows = np.concatenate([re, im])[:p - 1]
    norms = np.linalg.norm(rows, axis=1)
    P = power(E).T
    total = P.sum(1)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.where(np.sqrt(total)[:, None] > floor, P / total[:, None], np.nan)
        spread = norms.std() / norms.mean()
    some = ~np.isnan(share[:, 0])
    dominant = np.where(some, share.argmax(1) + 1, 0)
    units = np.arange(E.shape[1])
    phase = np.where(some, np.angle(re[dominant - 1, units] + 1j * im[dominant - 1, units]), np.nan)
    ascending = np.sort(share, axis=1)
    K = p // 2
    gini = (ascending * (2 * np.arange(1, K + 1) - K - 1)).sum(1) / K
    C, A = cosines(rows), cosines(np.abs(rows))
    i, j = np.tril_indices(p - 1, -1)
    pairs = np.abs(C[i, j])[~np.isnan(C[i, j])]
    return {
        "frequencies": K, "norms": norms, "cosines": C, "absoluteCosines": A,
        "unitPower": share, "dominant": dominant, "phase": phase,
        "inverseParticipationRatio": (share ** 2).sum(1), "gini": gini, "circles": circles(E),
        "summary": {
            "normSpread": spread, "largestCosine": pairs.max() if len(pairs) else np.nan,
            "absoluteWithin": mean(A[i, j][i - j == K]), "absoluteAcross": mean(A[i, j][i - j != K]),
            "meanDominantShare": mean(share.max(1)), "meanInverseParticipationRatio": mean((share ** 2).sum(1)),
            "normSquared": (E ** 2).sum(),
        },
    }


def keep(E, frequencies):
    """Through the inverse transform, every other coefficient set to zero."""
    F = np.fft.fft(E, axis=0)
    p = len(E)
    kept = {0} | {k % p for k in frequencies} | {-k % p for k in frequencies}
    F[[k for k in range(p) if k not in kept]] = 0
    return np.fft.ifft(F, axis=0).real


def remove(E, frequencies):
    return E - keep(E, frequencies) + E.mean(0)


def losses(E, W, activation, train, frequencies):
    """Restricted and excluded mean squared errors: in the plane of both tokens, waves in a + b stand at (k, k)."""
    p = len(E)
    out = ACTIVATIONS[activation](E[:, None, :] + E[None, :, :]) @ W
    F = np.fft.fft2(out, axes=(0, 1))
    mask = np.zeros((p, p, 1))
    for k in {k % p for k in frequencies} | {-k % p for k in frequencies}:
        mask[k, k] = 1
    part = np.fft.ifft2(F * mask, axes=(0, 1)).real
    a, b = np.triu_indices(p)
    test = np.setdiff1d(np.arange(len(a)), train)
    Y = np.eye(p)[(a + b) % p]

    def loss(f):
        error = (f[a, b] - Y) ** 2
        return {"train": mean(error[train].ravel()), "test": mean(error[test].ravel())}

    return {"full": loss(out), "restricted": loss(part + out.mean((0, 1))), "excluded": loss(out - part)}


def plain(value):
    if isinstance(value, dict):
        return {name: plain(part) for name, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(part) for part in value]
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, (float, np.floating)):
        return None if np.isnan(value) else float(f"{value:.15g}")
    return int(value) if isinstance(value, np.integer) else value


def cases():
    """Layers of noise, and layers of which parts are nothing."""
    rng = np.random.default_rng(9)
    for p in [*range(2, 17), 37]:
        yield f"noise, p = {p}", rng.standard_normal((p, 3)) + 0.5
    wave = lambda p, k, phase=0.0: np.cos(2 * np.pi * k * np.arange(p) / p + phase)
    parity = np.outer(wave(4, 2), [1.0, -2.0]) + 0.1 * np.outer(wave(4, 1), [1.0, 1.0])
    yield "parity waves and a trace of k = 1, p = 4", parity
    one = lambda p, k: np.outer(wave(p, k), rng.normal(size=4)) + np.outer(wave(p, k, 1.0), rng.normal(size=4))
    yield "k = 2 alone, p = 7", one(7, 2)
    yield "k = 3 alone and a mean, p = 12", one(12, 3) + [1.0, 0.0, -3.0, 1e3]
    yield "k = 6 alone, p = 12", np.outer(wave(12, 6), [1.0, -2.0, 0.5])
    yield "one direction, p = 11", np.outer(wave(11, 4, 0.7), [1.0, 2.0, -1.0])
    yield "cosines alone, p = 9", np.outer(wave(9, 1), [1.0, 2.0]) + np.outer(wave(9, 3), [-1.0, 3.0])
    yield "a constant and a zero unit, p = 10", np.stack([np.full(10, 0.1), np.zeros(10), wave(10, 5), wave(10, 4, 2.0)], 1)
    yield "constant, p = 6", np.full((6, 2), 0.3)
    yield "zero, p = 5", np.zeros((5, 2))
    yield "k = 2 and the mean kept, p = 8", keep(rng.standard_normal((8, 4)), [2])


def reference():
    rng = np.random.default_rng(10)
    layers = [{"name": name, "E": E, "power": power(E).sum(1), "analysis": analysis(E)} for name, E in cases()]
    filters, restricted = [], []
    for p in [*range(2, 17), 37]:
        E = rng.standard_normal((p, 2))
        K = p // 2
        sets = [[K], sorted({1, K}), list(range(1, K + 1))]
        filters.append({"E": E, "sets": [{"frequencies": S, "kept": keep(E, S), "removed": remove(E, S)} for S in sets]})
    for activation in ACTIVATIONS:
        for p in [2, 3, 4, 5, 6, 12]:
            E, W = rng.standard_normal((p, 3)), rng.standard_normal((3, p))
            train = np.sort(rng.permutation(p * (p + 1) // 2)[:p + p // 3])
            for S in [[p // 2], [1]]:
                restricted.append({"activation": activation, "E": E, "W": W, "train": train, "frequencies": S,
                                   **losses(E, W, activation, train, S)})
    return {"layers": layers, "filters": filters, "restricted": restricted}


if __name__ == "__main__":
    (HERE / "fourier.json").write_text(json.dumps(plain(reference()), allow_nan=False))

"""Independent reference values for the integrators (NumPy + SciPy, no code of the project).

Run:  python3 integrator_reference.py        writes integrators.json beside this file.
The field is that of a small isolated layer with a ridge. The coefficients of Dormand & Prince and of its dense output are
SciPy's own, cubic Hermite interpolants are scipy.interpolate's, solutions are solve_ivp's.
"""
import json, pathlib
import numpy as np
from scipy.integrate import RK45, solve_ivp
from scipy.interpolate import CubicHermiteSpline

HERE = pathlib.Path(__file__).parent
P, HIDDEN, RIDGE, STEP, STEPS = 5, 7, 0.5, 0.02, 50
SHARES = [0.1, 0.25, 0.5, 0.75, 0.9]
METHODS = ["euler", "heun", "dormandPrince"]

a, b = np.triu_indices(P)
PAIRS = np.zeros((len(a), P)); PAIRS[np.arange(len(a)), a] += 1; PAIRS[np.arange(len(a)), b] += 1
TARGETS = np.eye(P)[(a + b) % P]
rng = np.random.default_rng(21)
TRAIN = np.sort(rng.permutation(len(a))[:12])
START = rng.standard_normal((P, HIDDEN)) / np.sqrt(P)
X, Y = PAIRS[TRAIN], TARGETS[TRAIN]


def field(e):
    E = e.reshape(P, HIDDEN)
    H = np.tanh(X @ E)
    B = np.linalg.solve(H @ H.T + RIDGE * np.eye(len(H)), Y)
    return (X.T @ ((B @ (H.T @ B).T) * (1 - H ** 2)) - E).ravel()


def step(method, y, h):
    """The end of a step, what it is estimated to err, and the order of that estimate."""
    f = field(y)
    if method == "euler":
        end = y + h * f
        return end, h / 2 * (field(end) - f), 2
    if method == "heun":
        second = field(y + h * f)
        return y + h / 2 * (f + second), h / 2 * (second - f), 2
    k = [f]
    for row in RK45.A[1:]:
        k.append(field(y + h * sum(c * each for c, each in zip(row, k))))
    end = y + h * (RK45.B @ np.array(k))
    return end, h * (RK45.E @ np.array([*k, field(end)])), 5


def fixed(method):
    y = START.ravel()
    for _ in range(STEPS):
        y, _, _ = step(method, y, STEP)
    return y


def adaptive(method, tolerance, time):
    """Accepted where the estimate is within the tolerance of the larger norm; the next step by the elementary rule."""
    y, t, h, lengths, rejected = START.ravel(), 0.0, STEP, [], 0
    while t < time:
        end, error, order = step(method, y, h)
        share = np.linalg.norm(error) / max(np.linalg.norm(y), np.linalg.norm(end))
        factor = min(5, max(0.2, 0.9 * (tolerance / share) ** (1 / order)))
        if share <= tolerance:
            y, t = end, t + h
            lengths.append(h)
            h *= factor
        else:
            rejected += 1
            h *= min(factor, 0.9)
    return {"tolerance": tolerance, "lengths": lengths, "rejected": rejected, "E": y}


def dense(method, h):
    """What lies within one step."""
    y = START.ravel()
    if method == "dormandPrince":
        solver = RK45(lambda _, e: field(e), 0, y, h, first_step=h, rtol=1e3, atol=1e3)
        solver.step()
        assert solver.t == h
        output = solver.dense_output()
    else:
        end, _, _ = step(method, y, h)
        output = CubicHermiteSpline([0, h], [y, end], [field(y), field(end)])
    return [output(share * h) for share in SHARES]


def solution(times):
    found = solve_ivp(lambda _, e: field(e), (0, times[-1]), START.ravel(), "RK45", t_eval=times, rtol=1e-12, atol=1e-14)
    return [{"time": float(t), "E": e} for t, e in zip(found.t, found.y.T)]


def layers(value):
    """States as matrices, arrays as lists."""
    if isinstance(value, np.ndarray):
        return layers(value.reshape(P, HIDDEN).tolist() if value.size == START.size else value.tolist())
    if isinstance(value, dict):
        return {key: layers(each) for key, each in value.items()}
    return [layers(each) for each in value] if isinstance(value, list) else value


if __name__ == "__main__":
    tolerances = {"euler": 1e-4, "heun": 1e-5, "dormandPrince": 1e-8}
    reference = {
        "modulus": P, "hidden": HIDDEN, "activation": "tanh", "ridge": RIDGE, "train": TRAIN.tolist(), "start": START,
        "stepSize": STEP, "steps": STEPS, "shares": SHARES,
        "methods": [{
            "kind": method, "fixed": fixed(method), "dense": dense(method, STEP),
            "adaptive": adaptive(method, tolerances[method], STEP * STEPS),
        } for method in METHODS],
        "solution": solution(np.linspace(0.1, 1, 10)),
    }
    (HERE / "integrators.json").write_text(json.dumps(layers(reference)) + "\n")

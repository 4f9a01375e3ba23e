"""PyTorch on an NVIDIA card as a peer of Grokscope's bench of GPUs: reads one case a line on standard input, answers its microseconds.

A line is JSON {"method", "optimizer": "gradientDescent" | "adamw", "loss": "meanSquaredError" | "crossEntropy", "p", "hidden", "n"}; the
answer {"microseconds": [...], "device": text}, or {"error": text}. float32, TF32 off, full batch, ReLU. "eager" is the step as it is usually
written, with an embedding and autograd; "graph" the same under a CUDA graph; "graphDense" with a dense X; "graphByHand" without autograd.
"""
import json, sys, time
import torch
import torch.nn.functional as F

torch.backends.cuda.matmul.allow_tf32 = False
torch.backends.cudnn.allow_tf32 = False
torch.set_float32_matmul_precision("highest")
STEPS, SUBMITS, WARM_UPS = 64, 40, 5


def problem(case, device):
    p, hidden, n = case["p"], case["hidden"], case["n"]
    generator = torch.Generator().manual_seed(0)
    pairs = torch.triu_indices(p, p)
    rows = torch.randperm(pairs.shape[1], generator=generator)[:n].sort().values
    a, b = pairs[0, rows], pairs[1, rows]
    c = (a + b) % p
    X = (F.one_hot(a, p) + F.one_hot(b, p)).float()
    E = torch.randn(p, hidden, generator=generator) / p**0.5
    W = torch.randn(hidden, p, generator=generator) / p**0.5
    return [t.to(device) for t in (a, b, c, X, F.one_hot(c, p).float(), E, W)]


def written(case, device, is_captured, is_dense):
    a, b, c, X, Y, E, W = problem(case, device)
    E.requires_grad_(); W.requires_grad_()
    if case["optimizer"] == "adamw":
        optimizer = torch.optim.AdamW([E, W], lr=1e-3, weight_decay=1.0, fused=True, capturable=is_captured)
    else:
        optimizer = torch.optim.SGD([E, W], lr=0.5, weight_decay=1e-4, fused=True)

    def step():
        optimizer.zero_grad(set_to_none=True)
        Z = X @ E if is_dense else F.embedding(a, E) + F.embedding(b, E)
        outputs = torch.relu(Z) @ W
        loss = F.mse_loss(outputs, Y) if case["loss"] == "meanSquaredError" else F.cross_entropy(outputs, c)
        loss.backward()
        optimizer.step()
    return step


def by_hand(case, device):
    a, b, c, X, Y, E, W = problem(case, device)
    Xt, is_mean, t = X.t().contiguous(), case["loss"] == "meanSquaredError", torch.zeros((), device=device)
    moments = [(torch.zeros_like(v), torch.zeros_like(v)) for v in (E, W)]

    def step():
        H = torch.relu(X @ E)
        outputs = H @ W
        C = (outputs - Y) * (2 / Y.numel()) if is_mean else (torch.softmax(outputs, 1) - Y) / len(Y)
        gradients = Xt @ ((C @ W.t()) * (H > 0)), H.t() @ C
        t.add_(1)
        for weights, gradient, (m, v) in zip((E, W), gradients, moments):
            if case["optimizer"] == "adamw":
                m.lerp_(gradient, 0.1); v.mul_(0.999).addcmul_(gradient, gradient, value=0.001)
                weights.mul_(1 - 1e-3).sub_(1e-3 * (m / (1 - 0.9**t)) / ((v / (1 - 0.999**t)).sqrt() + 1e-8))
            else:
                weights.mul_(1 - 0.5e-4).sub_(0.5 * gradient)
    return step


def captured(step):
    side = torch.cuda.Stream()
    side.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(side):
        for _ in range(WARM_UPS):
            step()
    torch.cuda.current_stream().wait_stream(side)
    torch.cuda.synchronize()
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        step()
    return graph.replay


METHODS = {
    "eager": lambda case, device: written(case, device, False, False),
    "graph": lambda case, device: captured(written(case, device, True, False)),
    "graphDense": lambda case, device: captured(written(case, device, True, True)),
    "graphByHand": lambda case, device: captured(by_hand(case, device)),
}


def timed(step):
    for _ in range(WARM_UPS):
        step()
    times = []
    for _ in range(SUBMITS):
        torch.cuda.synchronize()
        started = time.perf_counter()
        for _ in range(STEPS):
            step()
        torch.cuda.synchronize()
        times.append(1e6 * (time.perf_counter() - started) / STEPS)
    return times


for line in sys.stdin:
    try:
        case = json.loads(line)
        if not torch.cuda.is_available():
            raise RuntimeError(f"PyTorch {torch.__version__} has no CUDA here")
        device = f"PyTorch {torch.__version__}, CUDA {torch.version.cuda}, {torch.cuda.get_device_name()}"
        answer = {"microseconds": timed(METHODS[case["method"]](case, "cuda")), "device": device}
    except Exception as error:
        answer = {"error": str(error).splitlines()[0]}
    print(json.dumps(answer), flush=True)

"""The same work in NumPy/SciPy and PyTorch, for test/bench/compare.ts.

Speaks one JSON document a line: {"op": "prepare", ...}, {"op": "gradient"}, {"op": "products"} (the five matrix
products of a gradient and nothing else), {"op": "epoch"} (of Adam, PyTorch alone), {"op": "run", "iterations": 400}.
Usage: python3 autoencoder_peer.py numpy64|numpy32|torch
"""
import json
import sys
import time

import numpy as np


def views(theta, n, h):
    w1, w2, b1, b2 = np.split(theta, [h * n, 2 * h * n, 2 * h * n + h])
    return w1.reshape(h, n), w2.reshape(n, h), b1, b2


class NumpyPeer:
    """Cost and gradient as a careful NumPy user writes it: in place where that is easy."""

    def __init__(self, dtype):
        self.dtype = dtype

    def prepare(self, x, theta, hyper):
        self.x = x.astype(self.dtype)
        self.theta = theta
        self.hyper = hyper
        self.h = hyper["hidden"]

    def cost_and_gradient(self, theta):
        x, (m, n), h = self.x, self.x.shape, self.h
        rho, lam, beta = (self.hyper[key] for key in ("rho", "lambda", "beta"))
        w1, w2, b1, b2 = views(theta.astype(self.dtype), n, h)
        a2 = x @ w1.T
        a2 += b1
        sigmoid(a2)
        y = a2 @ w2.T
        y += b2
        sigmoid(y)
        rho_hat = a2.mean(axis=0, dtype=np.float64)
        error = y - x
        squared = float(np.vdot(error, error))
        divergence = rho * np.log(rho / rho_hat) + (1 - rho) * np.log((1 - rho) / (1 - rho_hat))
        cost = squared / (2 * m) + lam / 2 * (float(np.vdot(w1, w1)) + float(np.vdot(w2, w2))) + beta * divergence.sum()
        y *= 1 - y
        y *= error
        delta3 = y
        sparsity = (beta * (-rho / rho_hat + (1 - rho) / (1 - rho_hat))).astype(self.dtype)
        delta2 = delta3 @ w2
        delta2 += sparsity
        delta2 *= a2
        delta2 *= 1 - a2
        gradient = np.concatenate(
            [
                (delta2.T @ x / m + self.dtype(lam) * w1).ravel(),
                (delta3.T @ a2 / m + self.dtype(lam) * w2).ravel(),
                delta2.mean(axis=0),
                delta3.mean(axis=0),
            ]
        )
        return cost, gradient.astype(np.float64)

    def gradient(self):
        return self.cost_and_gradient(self.theta)[0]

    def products(self):
        x = self.x
        w1, w2, _, _ = views(self.theta.astype(self.dtype), x.shape[1], self.h)
        a2 = x @ w1.T
        y = a2 @ w2.T
        back = y @ w2
        back.T @ x
        y.T @ a2

    def run(self, iterations):
        from scipy.optimize import minimize

        options = {"maxiter": iterations, "maxfun": 10 * iterations, "maxcor": self.hyper["history"], "gtol": 1e-5, "ftol": 0}
        result = minimize(self.cost_and_gradient, self.theta, jac=True, method="L-BFGS-B", options=options)
        return float(result.fun), int(result.nit), int(result.nfev)


def sigmoid(z):
    np.negative(z, out=z)
    np.exp(z, out=z)
    z += 1
    np.reciprocal(z, out=z)


class TorchPeer:
    """PyTorch as the exercise is usually ported: autograd, float32, torch.optim.LBFGS with strong Wolfe."""

    def prepare(self, x, theta, hyper):
        import torch

        self.torch = torch
        self.x = torch.from_numpy(x.astype(np.float32))
        self.hyper = hyper
        self.epoch_state = None
        self.start = [torch.from_numpy(part.astype(np.float32).copy()) for part in views(theta, x.shape[1], hyper["hidden"])]

    def cost(self, parameters, x, average=lambda mean: mean):
        torch = self.torch
        w1, w2, b1, b2 = parameters
        rho, lam, beta = (self.hyper[key] for key in ("rho", "lambda", "beta"))
        a2 = torch.sigmoid(torch.addmm(b1, x, w1.T))
        y = torch.sigmoid(torch.addmm(b2, a2, w2.T))
        r = average(a2.mean(dim=0))
        divergence = rho * torch.log(rho / r) + (1 - rho) * torch.log((1 - rho) / (1 - r))
        squared = ((y - x) ** 2).sum() / (2 * x.shape[0])
        return squared + lam / 2 * ((w1**2).sum() + (w2**2).sum()) + beta * divergence.sum()

    def parameters(self):
        return [part.clone().requires_grad_() for part in self.start]

    def gradient(self):
        parameters = self.parameters()
        cost = self.cost(parameters, self.x)
        cost.backward()
        return float(cost.detach())

    def epoch(self):
        """Adam over all patches in a random order; the average activation is a moving one, as in the lab."""
        torch = self.torch
        if self.epoch_state is None:
            parameters = self.parameters()
            self.epoch_state = (parameters, torch.optim.Adam(parameters, lr=self.hyper["learningRate"]), [None])
        parameters, optimiser, before = self.epoch_state
        decay = self.hyper["rhoHatDecay"]

        def average(mean):
            mixed = mean if before[0] is None else decay * before[0] + (1 - decay) * mean
            before[0] = mixed.detach()
            return mean + (mixed - mean).detach()

        for rows in torch.randperm(self.x.shape[0]).split(self.hyper["batch"]):
            optimiser.zero_grad()
            self.cost(parameters, self.x[rows], average).backward()
            optimiser.step()

    def run(self, iterations):
        parameters = self.parameters()
        optimiser = self.torch.optim.LBFGS(
            parameters,
            max_iter=iterations,
            max_eval=10 * iterations,
            history_size=self.hyper["history"],
            tolerance_grad=1e-5,
            tolerance_change=0,
            line_search_fn="strong_wolfe",
        )

        def closure():
            optimiser.zero_grad()
            cost = self.cost(parameters, self.x)
            cost.backward()
            return cost

        optimiser.step(closure)
        state = optimiser.state[parameters[0]]
        return float(self.cost(parameters, self.x).detach()), state["n_iter"], state["func_evals"]


def main():
    kind = sys.argv[1]
    peer = TorchPeer() if kind == "torch" else NumpyPeer(np.float64 if kind == "numpy64" else np.float32)
    for line in sys.stdin:
        request = json.loads(line)
        if request["op"] == "prepare":
            peer.prepare(np.load(request["patches"]), np.load(request["theta"]), request["hyper"])
            answer = {}
        else:
            started = time.perf_counter()
            if request["op"] == "gradient":
                answer = {"cost": peer.gradient()}
            elif request["op"] in ("products", "epoch"):
                getattr(peer, request["op"])()
                answer = {}
            else:
                cost, iterations, evaluations = peer.run(request["iterations"])
                answer = {"cost": cost, "iterations": iterations, "evaluations": evaluations}
            answer["elapsedMs"] = (time.perf_counter() - started) * 1000
        print(json.dumps(answer), flush=True)


main()

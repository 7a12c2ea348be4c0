#!/usr/bin/env python3
"""Writes test/fixtures/lab/: what the objectives of src/lab/objectives give in PyTorch, in float64, with their gradients, and how parameters
move under torch.optim.AdamW.

    pip install torch==2.13.0
    python tools/make-lab-fixtures.py

All inputs are multiples of 1/32, so that they are the same in 32 and 64 bits. Each case has a seed of its own.
"""

import json
import math
from pathlib import Path

import torch
import torch.nn.functional as F

OUT = Path(__file__).parent.parent / "test/fixtures/lab"
DOUBLE = torch.float64


# Inputs

def grid(values):
    return (values * 32).round() / 32


class Draw:
    def __init__(self, seed):
        self.generator = torch.Generator().manual_seed(seed)

    def normal(self, *shape):
        return grid(torch.randn(*shape, generator=self.generator, dtype=DOUBLE))

    def labels(self, rows, classes):
        return torch.randint(classes, (rows,), generator=self.generator)


def pair(draw, rows, dimension, kind="plain"):
    """Two batches whose rows belong together: the second is the first with noise."""
    first = draw.normal(rows, dimension)
    second = grid(first + 0.5 * draw.normal(rows, dimension))
    if kind == "unrelated":
        second = draw.normal(rows, dimension)
    if kind == "equal views":
        second = first.clone()
    if kind == "duplicates":
        first[rows // 2:] = first[: rows - rows // 2].clone()
        second[rows // 2:] = second[: rows - rows // 2].clone()
    if kind == "constant feature":
        first[:, 0] = 0.5
        second[:, 1] = -1.25
    if kind == "collapsed":
        first[:] = first[0].clone()
        second[:] = first[0]
    if kind == "large":
        first, second = 40 * first, 40 * second
    return first, second


# Objectives, each as its source writes it. They return the total and the terms.

def contrast(logits, targets, candidates=None):
    total = F.cross_entropy(logits if candidates is None else logits.masked_fill(~candidates, -math.inf), targets)
    attraction = -logits.gather(1, targets[:, None]).mean()
    return total, {"attraction": attraction, "repulsion": total - attraction}


def info_nce(x, temperature=0.07):
    logits = F.normalize(x["queries"]) @ F.normalize(x["keys"]).T / temperature
    return contrast(logits, torch.arange(len(logits)))


def nt_xent(x, temperature=0.5):
    z = F.normalize(torch.cat([x["first"], x["second"]]))
    n = len(x["first"])
    logits = z @ z.T / temperature
    return contrast(logits, (torch.arange(2 * n) + n) % (2 * n), ~torch.eye(2 * n, dtype=torch.bool))


def off_diagonal(matrix):
    return matrix[~torch.eye(len(matrix), dtype=torch.bool)]


def vicreg(x, invarianceWeight=25, varianceWeight=25, covarianceWeight=1, targetDeviation=1, epsilon=1e-4, form="code"):
    a, b = x["first"], x["second"]
    n, d = a.shape

    def variance(z):
        return F.relu(targetDeviation - torch.sqrt(z.var(dim=0) + epsilon)).mean()

    def covariance(z):
        return off_diagonal(torch.cov(z.T)).square().sum() / d

    terms = {
        "invariance": F.mse_loss(a, b) if form == "code" else (a - b).square().sum(1).mean(),
        "variance": (variance(a) + variance(b)) / (2 if form == "code" else 1),
        "covariance": covariance(a) + covariance(b),
    }
    return invarianceWeight * terms["invariance"] + varianceWeight * terms["variance"] + covarianceWeight * terms["covariance"], terms


def both_ways(logits):
    targets = torch.arange(len(logits))
    return F.cross_entropy(logits, targets), F.cross_entropy(logits.T, targets)


def clip(x):
    scale = torch.clip(x["logScale"].exp(), max=100)
    rows, columns = both_ways(scale * F.normalize(x["images"]) @ F.normalize(x["texts"]).T)
    return (rows + columns) / 2, {"imageToText": rows, "textToImage": columns}


def siglip(x):
    logits = F.normalize(x["images"]) @ F.normalize(x["texts"]).T * x["logScale"].exp() + x["bias"]
    n = len(logits)
    losses = -F.logsigmoid(logits * (2 * torch.eye(n, dtype=DOUBLE) - 1))
    return losses.sum() / n, {"matching": losses.diagonal().sum() / n, "others": off_diagonal(losses).sum() / n}


def cross_correlation(a, b):
    def normalized(z):
        return F.batch_norm(z, None, None, training=True, eps=1e-5)

    return normalized(a).T @ normalized(b) / len(a)


def barlow_twins(x, offDiagonalWeight=0.0051):
    c = cross_correlation(x["first"], x["second"])
    terms = {"diagonal": (c.diagonal() - 1).square().sum(), "offDiagonal": off_diagonal(c).square().sum()}
    return terms["diagonal"] + offDiagonalWeight * terms["offDiagonal"], terms


TEMPERATURES = {"text": 0.07, "audio": 0.05, "depth": 0.2, "thermal": 0.1, "imu": 0.2}


def image_bind(x, temperatures={}):
    total, terms = 0, {}
    for modality in (name for name in TEMPERATURES if f"{name}.images" in x):
        scale = 1 / {**TEMPERATURES, **temperatures}[modality]
        if f"{modality}.logScale" in x:
            scale = torch.clip(x[f"{modality}.logScale"].exp(), max=100)
        there, back = both_ways(scale * F.normalize(x[f"{modality}.images"]) @ F.normalize(x[f"{modality}.others"]).T)
        terms[f"imageTo{modality.capitalize()}"], terms[f"{modality}ToImage"] = there, back
        total = total + there + back
    return total, terms


def decur(x, commonShare=0.75, offDiagonalWeight=0.0051, form="paper"):
    def redundancy(c, wished):
        return (c.diagonal() - wished).square().sum() + offDiagonalWeight * off_diagonal(c).square().sum()

    between = cross_correlation(x["one.first"], x["other.first"])
    k = math.floor(between.shape[0] * commonShare + 0.5)
    terms = {
        "common": redundancy(between[:k, :k], 1),
        "unique": redundancy(between[k:, k:], 0),
        "withinFirst": redundancy(cross_correlation(x["one.first"], x["one.second"]), 1),
        "withinSecond": redundancy(cross_correlation(x["other.first"], x["other.second"]), 1),
    }
    if form == "code":
        return (terms["withinFirst"] + terms["withinSecond"] + (terms["common"] + terms["unique"]) / 2) / 3, terms
    return sum(terms.values()), terms


def supervised(x, labels):
    total = F.cross_entropy(x["logits"], labels)
    return total, {"crossEntropy": total}


# Cases

def numbers(tensor):
    return [float(f"{value:.8g}") for value in tensor.reshape(-1).tolist()]


def case(objective, function, name, inputs, settings={}, labels=None):
    x = {key: value.clone().requires_grad_() for key, value in inputs.items()}
    total, terms = function(x, **settings) if labels is None else function(x, labels)
    total.backward()
    assert all(value.grad.isfinite().all() for value in x.values()), (objective, name)
    return {
        "objective": objective,
        "name": name,
        "settings": settings,
        **({} if labels is None else {"labels": labels.tolist()}),
        "inputs": {key: {"shape": list(value.shape), "values": numbers(value.detach())} for key, value in x.items()},
        "total": float(total.detach()),
        "terms": {key: float(value.detach()) for key, value in terms.items()},
        "gradients": {key: numbers(value.grad) for key, value in x.items()},
    }


def scalar(value):
    return torch.tensor(value, dtype=torch.float32).double()


SHAPES = [(2, 3, "plain"), (8, 6, "plain"), (5, 17, "unrelated"), (17, 4, "duplicates"), (6, 5, "equal views"), (7, 6, "constant feature"), (4, 3, "collapsed")]


def pair_cases(objective, function, keys, settings_list, learned={}, first_seed=0):
    cases = []
    for at, (rows, dimension, kind) in enumerate(SHAPES):
        inputs = dict(zip(keys, pair(Draw(first_seed + at), rows, dimension, kind)))
        cases.append(case(objective, function, f"{rows} × {dimension}, {kind}", {**inputs, **learned}))
    for at, (name, settings, more) in enumerate(settings_list):
        kind = "large" if name.startswith("large") else "unrelated"
        inputs = dict(zip(keys, pair(Draw(first_seed + 50 + at), 6, 8, kind)))
        cases.append(case(objective, function, name, {**inputs, **learned, **more}, settings))
    return cases


def temperatures(values):
    return [(f"temperature {value}", {"temperature": value}, {}) for value in values]


def image_bind_cases():
    def pairs(seed, sizes):
        x = {}
        for at, (modality, (rows, dimension, kind)) in enumerate(sizes.items()):
            x[f"{modality}.images"], x[f"{modality}.others"] = pair(Draw(seed + at), rows, dimension, kind)
        return x

    everything = dict(zip(TEMPERATURES, [(6, 5, "plain"), (4, 5, "unrelated"), (5, 5, "duplicates"), (3, 5, "constant feature"), (2, 5, "equal views")]))
    both = {"text": (5, 4, "unrelated"), "imu": (4, 4, "plain")}
    return [
        case("image-bind", image_bind, "five modalities, batches of their own", pairs(600, everything)),
        case("image-bind", image_bind, "one modality", pairs(610, {"thermal": (7, 6, "unrelated")})),
        case("image-bind", image_bind, "collapsed", pairs(615, {"depth": (4, 3, "collapsed")})),
        case("image-bind", image_bind, "other temperatures", pairs(620, both), {"temperatures": {"text": 1, "imu": 0.02}}),
        case("image-bind", image_bind, "learned temperature of texts", {**pairs(630, both), "text.logScale": scalar(math.log(1 / 0.07))}),
        case("image-bind", image_bind, "learned temperature beyond its bound", {**pairs(640, both), "text.logScale": scalar(5.0)}),
    ]


def decur_cases():
    def views(seed, rows, dimension, kind):
        draw = Draw(seed)
        one, other = pair(draw, rows, dimension, kind)
        return {
            "one.first": one, "one.second": grid(one + 0.5 * draw.normal(rows, dimension)),
            "other.first": other, "other.second": grid(other + 0.5 * draw.normal(rows, dimension)),
        }

    cases = [case("decur", decur, f"{r} × {d}, {kind}", views(700 + at, r, d, kind)) for at, (r, d, kind) in enumerate(SHAPES) if kind != "collapsed"]
    cases += [case("decur", decur, f"common share {share}", views(720, 6, 8, "unrelated"), {"commonShare": share}) for share in (0, 0.5, 0.3, 1)]
    cases.append(case("decur", decur, "as in the code", views(721, 6, 8, "unrelated"), {"form": "code", "offDiagonalWeight": 0.1}))
    return cases


def supervised_cases():
    cases = []
    for at, (rows, classes, factor) in enumerate([(1, 2, 1), (8, 5, 1), (17, 3, 4), (4, 4, 0), (6, 3, 60)]):
        draw = Draw(800 + at)
        inputs = {"logits": grid(draw.normal(rows, classes) * factor)}
        cases.append(case("supervised", supervised, f"{rows} × {classes}, logits × {factor}", inputs, labels=draw.labels(rows, classes)))
    return cases


def losses():
    views = ("first", "second")
    captions = ("images", "texts")
    start = {"logScale": scalar(math.log(1 / 0.07))}
    sigmoid = {"logScale": scalar(math.log(10)), "bias": scalar(-10.0)}
    return [
        *pair_cases("info-nce", info_nce, ("queries", "keys"), [*temperatures([0.01, 0.5, 5]), ("large values", {}, {})], first_seed=0),
        *pair_cases("nt-xent", nt_xent, views, [*temperatures([0.01, 0.1, 5]), ("large values", {}, {})], first_seed=100),
        *pair_cases("vicreg", vicreg, views, [
            ("as in the paper", {"form": "paper"}, {}),
            ("other weights", {"invarianceWeight": 1, "varianceWeight": 10, "covarianceWeight": 4}, {}),
            ("without variance", {"varianceWeight": 0}, {}),
            ("without covariance", {"covarianceWeight": 0}, {}),
            ("other hinge", {"targetDeviation": 2.5, "epsilon": 0.01}, {}),
            ("large values", {}, {}),
        ], first_seed=200),
        *pair_cases("clip", clip, captions, [
            ("scale 1", {}, {"logScale": scalar(0.0)}),
            ("scale 99, below the bound", {}, {"logScale": scalar(math.log(99))}),
            ("scale 148, beyond the bound", {}, {"logScale": scalar(5.0)}),
            ("large values", {}, {}),
        ], start, first_seed=300),
        *pair_cases("siglip", siglip, captions, [
            ("scale 1, no bias", {}, {"logScale": scalar(0.0), "bias": scalar(0.0)}),
            ("scale 100", {}, {"logScale": scalar(4.605)}),
            ("large values", {}, {}),
        ], sigmoid, first_seed=400),
        *pair_cases("barlow-twins", barlow_twins, views, [("more off the diagonal", {"offDiagonalWeight": 0.5}, {}), ("large values", {}, {})], first_seed=500),
        *image_bind_cases(),
        *decur_cases(),
        *supervised_cases(),
    ]


# AdamW

STEPS = 20


def schedule(step, peak, warmup, total, final):
    """The learning rate of open_clip's training, with a floor."""
    if step < warmup:
        return peak * (step + 1) / warmup
    return final + (peak - final) * 0.5 * (1 + math.cos(math.pi * min(1, (step - warmup) / (total - warmup))))


def adam_w(name, seed, optimizer, rates):
    """A small network whose gains and biases do not decay; its loss and gradients are known from its parameters alone."""
    draw = Draw(seed)
    x, y = draw.normal(12, 4), draw.normal(12, 3)
    start = {"weights": draw.normal(4, 5), "bias": draw.normal(5), "gain": draw.normal(5), "out": draw.normal(5, 3), "scale": scalar(0.5)}
    parameters = {key: value.clone().requires_grad_() for key, value in start.items()}
    decays = ["weights", "out"]
    groups = [
        {"params": [parameters[key] for key in parameters if key in decays]},
        {"params": [parameters[key] for key in parameters if key not in decays], "weight_decay": 0},
    ]
    torch_optimizer = torch.optim.AdamW(groups, lr=1, betas=(optimizer["beta1"], optimizer["beta2"]), eps=optimizer["epsilon"], weight_decay=optimizer["weightDecay"])
    trace = []
    for rate in rates:
        for group in torch_optimizer.param_groups:
            group["lr"] = rate
        hidden = torch.tanh(x @ parameters["weights"] + parameters["bias"]) * parameters["gain"]
        loss = ((hidden @ parameters["out"]) * parameters["scale"].exp() - y).square().mean()
        torch_optimizer.zero_grad()
        loss.backward()
        torch_optimizer.step()
        trace.append(float(loss.detach()))

    def stored(values):
        return {key: {"shape": list(value.shape), "values": numbers(value.detach())} for key, value in values.items()}

    state = torch_optimizer.state
    return {
        "name": name, "settings": optimizer, "decays": decays, "rates": [float(f"{rate:.10g}") for rate in rates],
        "x": stored({"x": x})["x"], "y": stored({"y": y})["y"], "start": stored(start), "losses": trace, "end": stored(parameters),
        "firstMoments": stored({key: state[value]["exp_avg"] for key, value in parameters.items()}),
        "secondMoments": stored({key: state[value]["exp_avg_sq"] for key, value in parameters.items()}),
    }


def optimizers():
    plan = {"peak": 0.02, "warmupSteps": 5, "totalSteps": 16, "final": 0.001}
    rates = [schedule(step, plan["peak"], plan["warmupSteps"], plan["totalSteps"], plan["final"]) for step in range(STEPS)]
    torch_defaults = {"beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "weightDecay": 0.01}
    return {
        "schedule": {"settings": plan, "rates": rates},
        "runs": [
            adam_w("PyTorch's defaults", 900, torch_defaults, [0.001] * STEPS),
            adam_w("as CLIP was trained, with warm-up and cosine", 901, {"beta1": 0.9, "beta2": 0.98, "epsilon": 1e-6, "weightDecay": 0.2}, rates),
            adam_w("large epsilon and decay", 902, {"beta1": 0.5, "beta2": 0.9, "epsilon": 0.1, "weightDecay": 1.0}, [0.05] * STEPS),
        ],
    }


def write(name, value):
    OUT.mkdir(parents=True, exist_ok=True)
    path = OUT / name
    path.write_text(json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n")
    print(f"{path.relative_to(OUT.parent.parent.parent)}: {path.stat().st_size} bytes")


if __name__ == "__main__":
    write("losses.json", losses())
    write("adam-w.json", optimizers())

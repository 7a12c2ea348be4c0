"""Trains the map from picture features to text vectors with CLIP's loss (Radford et al. 2021), both networks locked.

The map starts as the ridge regression of model_drawings.py and is held near it: pictures are placed as the joint space places them,
labels and map together, so that the map learns what the labels do not say. Seeded; half a minute on one processor.
"""

import numpy as np
import torch
from torch.nn.functional import cross_entropy, dropout, normalize

SEED = 0
EPOCHS = 5
BATCH = 512
RATE = 1e-4
WARM_UP = 10  # steps
SCALE = 10.0  # the inverse of the first temperature; learned, 100 at most
DROPOUT = 0.2  # of the features
# Of the squared distance to where the map started. Weaker, the map learns the drawings by heart and photographs are lost.
HOLD = 150.0
# How often a drawing is called by a kind or tag rather than by its name.
KIND_SHARE = 0.6


def align(
    features: np.ndarray,
    mixed: np.ndarray,
    names: list[list[str]],
    kinds: list[list[str]],
    vector: dict[str, np.ndarray],
    center: np.ndarray,
    start: tuple[np.ndarray, np.ndarray],
) -> tuple[np.ndarray, np.ndarray]:
    """
    @param features n × 1280 of the drawings
    @param mixed    n × 384, the mix of each drawing's labels
    @param vector   the text vector of each word in `names` and `kinds`
    @param start    the map (1280 × 384) and its bias (384) to begin with
    Gives the map and its bias; both for the features as they are.
    """
    torch.manual_seed(SEED)
    # On several threads sums are in another order each time.
    torch.set_num_threads(1)
    random = np.random.default_rng(SEED)
    # Features of one size, so that the rate means the same for all of them.
    shift, spread = features.mean(0), features.std()
    x = torch.tensor((features - shift) / spread, dtype=torch.float32)
    ground = torch.tensor(mixed - center, dtype=torch.float32)
    first = torch.tensor(start[0] * spread, dtype=torch.float32)
    weight = first.clone().requires_grad_()
    bias = torch.tensor(shift @ start[0] + start[1], dtype=torch.float32).requires_grad_()
    scale = torch.tensor(float(np.log(SCALE)), requires_grad=True)
    optimizer = torch.optim.Adam([weight, bias, scale], lr=RATE, betas=(0.9, 0.98))
    called = [{*own, *above} for own, above in zip(names, kinds)]
    batches = len(x) // BATCH
    for step in range(EPOCHS * batches):
        if step % batches == 0:
            order = random.permutation(len(x))
        rows = order[step % batches * BATCH :][:BATCH]
        words = [str(random.choice(kinds[i] if kinds[i] and random.random() < KIND_SHARE else names[i])) for i in rows]
        texts = normalize(torch.tensor(np.stack([vector[word] - center for word in words])), dim=-1)
        pictures = normalize(ground[rows] + dropout(x[rows], DROPOUT) @ weight + bias, dim=-1)
        logits = scale.exp().clamp(max=100) * pictures @ texts.T
        # Every word that a drawing is called by is right, whichever drawing it was drawn for.
        right = torch.tensor([[word in called[i] for word in words] for i in rows], dtype=torch.float32)
        loss = cross_entropy(logits, right / right.sum(1, keepdim=True))
        loss = (loss + cross_entropy(logits.T, right.T / right.T.sum(1, keepdim=True))) / 2
        loss = loss + HOLD * (weight - first).square().sum()
        rate = min(1, (step + 1) / WARM_UP) * (1 + np.cos(np.pi * step / (EPOCHS * batches))) / 2
        optimizer.param_groups[0]["lr"] = RATE * rate
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    trained = weight.detach().numpy().astype(np.float64) / spread
    return trained, bias.detach().numpy() - shift @ trained

"""Times a complete run of the published experiment in PyTorch, for `lab bench --parts run`: training, measures, files.

  python run.py --mnist FOLDER [--caching] [--rounds 40] [--every 10] [--threads 2]

Prints one JSON line: {"perSecond": rounds a second, "seconds": ..., "training": ..., "version": ..., "processor": ...},
timed from reading the first image to writing the last file.

The run has a source stage and then adaptation as published: MS runs on every batch, and MT's forward pass runs twice
a step. With --caching, MS's features are looked up and MT's forward pass is shared, as in the lab. Each round ends
with the lab's measures, vectorised, in inference mode, 1,000 images a pass. The first, the last and every n-th round
measure all images; the other rounds measure samples of 1,000. Then the round's files are written, with the size of
the lab's and synced like them: a safetensors checkpoint, a view and a line of measures.
"""
import argparse
import base64
import copy
import json
import math
import os
import resource
import tempfile
import time
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import save

from networks import Encoder, make_classifier, make_discriminator
from parent import end_with_parent
from throughput import SOURCE, TARGET, random_views, sgd, update
from transfer import draw, read_idx

SAMPLE, FRAME, COMPONENTS, PASS = 1000, 500, 16, 1000
BATCH = 50
SOURCE_CLASSES, TARGET_CLASSES = (0, 1), (2, 3)
BINS = 20


def passes(f, rows):
    return torch.cat([f(part) for part in rows.split(PASS)])


def entropy(p):
    return -torch.special.xlogy(p, p).sum(-1)


def accuracies(labels, predictions):
    """Accuracy under the chosen and the best pairing, accuracy by class, and the confusion matrix."""
    confusion = torch.bincount(labels * 2 + predictions, minlength=4).reshape(2, 2)
    right = confusion.diagonal()
    accuracy = right.sum().item() / len(labels)
    return {
        "accuracy": accuracy,
        "accuracyBestPairing": max(accuracy, 1 - accuracy),
        "perClass": (right / confusion.sum(1).clamp(min=1)).tolist(),
        "confusion": confusion.tolist(),
        "count": len(labels),
    }


def proxy_a_distance(source, target):
    """Trains a logistic regression on the first halves with 150 updates of Adam; tests it on the second halves."""
    seen, held_out = zip(*(features.split(len(features) // 2) for features in (source, target)))
    x = torch.cat(seen)
    mean, deviation = x.mean(0), x.var(0, unbiased=False).add(1e-8).sqrt()

    def prepared(features):
        return torch.cat(((features - mean) / deviation, torch.ones(len(features), 1)), 1)

    x = prepared(x)
    domain = torch.cat((torch.zeros(len(seen[0]), 1), torch.ones(len(seen[1]), 1)))
    w = torch.zeros(x.shape[1], 1)
    m, v = torch.zeros_like(w), torch.zeros_like(w)
    for t in range(1, 151):
        gradient = x.T @ (torch.sigmoid(x @ w) - domain) / len(x)
        m.lerp_(gradient, 0.1)
        v.mul_(0.999).addcmul_(gradient, gradient, value=0.001)
        w.addcdiv_(m, (v / (1 - 0.999**t)).sqrt_().add_(1e-8), value=-0.01 / (1 - 0.9**t))
    errors = (prepared(held_out[0]) @ w > 0).float().mean() + (prepared(held_out[1]) @ w <= 0).float().mean()
    return 2 * (1 - errors.item())


def kernel_mean(a, b, bandwidth):
    return torch.cdist(a, b).square_().div_(-2 * bandwidth**2).exp_().mean().item()


def density(p):
    units = F.normalize(p)
    cosines = (units @ units.T / 0.05).fill_diagonal_(-math.inf)
    return entropy(cosines.softmax(1)).mean().item()


def called_source(verdicts):
    return (verdicts >= 0.5).float().mean().item()


def text(values):
    return base64.b64encode(values.contiguous().numpy().tobytes()).decode()


def write(path, content):
    """Writes the file atomically and syncs it."""
    temporary = path.with_suffix(".tmp")
    with open(temporary, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(temporary, path)


class Run:
    def __init__(self, mnist, caching):
        train = [read_idx(mnist / f"train-{kind}-ubyte") for kind in ("images-idx3", "labels-idx1")]
        test = [read_idx(mnist / f"t10k-{kind}-ubyte") for kind in ("images-idx3", "labels-idx1")]
        self.xs, self.ys = draw(*train, SOURCE_CLASSES, 0)
        self.xt, self.yt = draw(*train, TARGET_CLASSES, 0)
        self.unseen = draw(*test, TARGET_CLASSES, 0)
        self.caching = caching
        self.MS, self.C, self.D = Encoder(), make_classifier(), make_discriminator()

    def source_stage(self):
        optimisers = [sgd(self.MS, 0.03), sgd(self.C, 0.03)]
        for index in torch.randperm(len(self.ys)).split(BATCH):
            update(optimisers, F.cross_entropy(self.C(self.MS(self.xs[index])), self.ys[index]))

    def start_adaptation(self):
        self.MT = copy.deepcopy(self.MS)
        self.prepare()
        # Autograd rejects tensors made in inference mode, so training uses a copy.
        self.features = self.fs.clone()

    @torch.inference_mode()
    def prepare(self):
        """Computes what does not change: MS's features, samples, views, axes, kernel, and C's results on the source."""
        self.sample = [torch.randperm(len(x))[:SAMPLE] for x in (self.xs, self.xt)]
        self.viewed = random_views(self.xt[self.sample[1]])
        self.fs = passes(self.MS, self.xs)
        frame = torch.cat((self.fs[self.sample[0][:FRAME]], self.MS(self.xt[self.sample[1][:FRAME]])))
        self.centre = frame.mean(0)
        self.axes = torch.linalg.svd(frame - self.centre, full_matrices=False)[2][:COMPONENTS]
        self.bandwidth = torch.pdist(frame).median().item()
        sampled = self.fs[self.sample[0]]
        self.kernel = kernel_mean(sampled, sampled, self.bandwidth)
        self.source_predictions = self.C(self.fs).argmax(1)
        self.source = accuracies(self.ys, self.source_predictions)

    def round(self):
        optimisers = [sgd(self.D, 1e-5)], [sgd(self.MT, 1e-5)]
        inverted = torch.full((BATCH,), SOURCE)
        domains = torch.cat((inverted, torch.full((BATCH,), TARGET)))
        sums = torch.zeros(2)
        pairs = zip(*(torch.randperm(len(x)).split(BATCH) for x in (self.xs, self.xt)))
        for of_source, of_target in pairs:
            ft = self.MT(self.xt[of_target])
            if self.caching:
                fs = self.features[of_source]
            else:
                fs = self.MS(self.xs[of_source])
            for_D = F.cross_entropy(self.D(torch.cat((fs, ft)).detach()), domains)
            update(optimisers[0], for_D)
            for_MT = F.cross_entropy(self.D(ft if self.caching else self.MT(self.xt[of_target])), inverted)
            update(optimisers[1], for_MT)
            sums += torch.stack((for_D.detach(), for_MT.detach()))
        return (sums / math.ceil(len(self.xt) / BATCH)).tolist()

    def verdicts(self, features):
        return passes(self.D, features).softmax(1)[:, SOURCE]

    def classes(self, images):
        return passes(lambda x: self.C(self.MT(x)), images).argmax(1)

    @torch.inference_mode()
    def observe(self, whole):
        of_source, of_target = self.sample
        ft = passes(self.MT, self.xt if whole else self.xt[of_target])
        sampled = self.fs[of_source], ft[of_target] if whole else ft
        labels = self.yt if whole else self.yt[of_target]
        p = self.C(ft).softmax(1)
        predictions = p.argmax(1)
        on_source, on_target = self.verdicts(self.fs if whole else sampled[0]), self.verdicts(ft)
        shares = called_source(on_source), called_source(on_target)
        cross = kernel_mean(sampled[0], sampled[1], self.bandwidth)
        square = self.kernel + kernel_mean(sampled[1], sampled[1], self.bandwidth) - 2 * cross
        measures = {
            "source": self.source,
            "target": accuracies(labels, predictions),
            "discriminatorAccuracy": (shares[0] + 1 - shares[1]) / 2,
            "calledSource": shares,
            "histogram": [torch.histc(of, BINS, 0, 1).tolist() for of in (on_source, on_target)],
            "proxyADistance": proxy_a_distance(*sampled),
            "mmd": math.sqrt(max(0, square)),
        }
        shown = (slice(None), slice(None)) if not whole else self.sample
        if whole:
            own = predictions[of_target]
            spread, mean = entropy(p).mean().item(), entropy(p.mean(0)).item()
            both = [torch.stack((of, 1 - of), 1) for of in (on_source, on_target)]
            measures |= {
                "unseenTarget": accuracies(self.unseen[1], self.classes(self.unseen[0])),
                "entropy": spread,
                "diversity": mean,
                "mutualInformation": mean - spread,
                "agreement": (self.classes(self.viewed) == own).float().mean().item(),
                "discriminatorConfusion": sum(entropy(of).mean().item() for of in both) / 2,
                "sourceKept": (self.classes(self.xs[of_source]) == self.ys[of_source]).float().mean().item(),
                "density": density(p[of_target]),
            }
        drawn = [(features - self.centre) @ self.axes.T for features in sampled]
        view = {
            "points": [text(points[:, :2]) for points in drawn],
            "features": [text(points) for points in drawn],
            "labels": [self.ys[of_source].tolist(), labels[shown[1]].tolist()],
            "predictions": [self.source_predictions[of_source].tolist(), predictions[shown[1]].tolist()],
            "verdicts": [text(on_source[shown[0]]), text(on_target[shown[1]])],
        }
        return measures, view

    def save(self, folder, number, losses, measures, view):
        networks = {"source_encoder": self.MS, "classifier": self.C, "target_encoder": self.MT, "discriminator": self.D}
        tensors = {f"{name}.{key}": value for name, one in networks.items() for key, value in one.state_dict().items()}
        write(folder / f"round-{number:04}.safetensors", save(tensors, {"measures": json.dumps(measures)}))
        write(folder / f"round-{number:04}.json", json.dumps(view).encode())
        with open(folder / "metrics.jsonl", "a") as lines:
            lines.write(json.dumps({"round": number, "losses": losses, "measures": measures}) + "\n")
            lines.flush()
            os.fsync(lines.fileno())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mnist", type=Path, required=True)
    parser.add_argument("--caching", action="store_true")
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--every", type=int, default=10)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()

    end_with_parent()
    torch.set_num_threads(options.threads)
    torch.manual_seed(0)
    began = time.perf_counter()
    training = 0
    with tempfile.TemporaryDirectory() as folder:
        run = Run(options.mnist, options.caching)
        run.source_stage()
        run.start_adaptation()
        run.save(Path(folder), 0, [], *run.observe(True))
        for number in range(1, options.rounds + 1):
            start = time.perf_counter()
            losses = run.round()
            training += time.perf_counter() - start
            whole = number % options.every == 0 or number == options.rounds
            run.save(Path(folder), number, losses, *run.observe(whole))
        seconds = time.perf_counter() - began
    print(
        json.dumps(
            {
                "perSecond": options.rounds / seconds,
                "seconds": seconds,
                "training": training,
                "version": torch.__version__,
                "processor": sum(resource.getrusage(resource.RUSAGE_SELF)[:2]),
            }
        )
    )


if __name__ == "__main__":
    main()

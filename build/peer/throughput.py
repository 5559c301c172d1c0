"""Measures the lab's training steps in PyTorch, in images or pairs a second, for `lab bench`.

  python throughput.py --stage STAGE [--batch 50] [--steps 150] [--threads 2]

Prints one JSON line: {"stage": ..., "batch": ..., "perSecond": ..., "version": ..., "processor": CPU seconds}.

source                   MS and C on labelled images, two SGD optimisers
adaptation               the recipe as published: MS on every batch, MT's forward pass twice a step
adaptation-cached        the same result with less work: MS's features looked up, both updates share MT's forward pass
adversarial-consistency  the loss of src/methods/adversarial-consistency.ts, Adam, views by affine_grid and grid_sample
evaluation               C(MT(x)) of batch x steps images and their accuracy, 500 at a time, without gradients
"""
import argparse
import json
import math
import resource
import time

import torch
import torch.nn.functional as F

from networks import Encoder, make_classifier, make_discriminator
from parent import end_with_parent

WARM_UP = 10
SIZE = 28
PASS = 500
SOURCE, TARGET = 0, 1


def sgd(network, rate):
    return torch.optim.SGD(network.parameters(), lr=rate)


def update(optimisers, loss):
    for optimiser in optimisers:
        optimiser.zero_grad()
    loss.backward()
    for optimiser in optimisers:
        optimiser.step()


def source_stage(images, labels, batch):
    MS, C = Encoder(), make_classifier()
    optimisers = [sgd(MS, 0.03), sgd(C, 0.03)]

    def step(index):
        update(optimisers, F.cross_entropy(C(MS(images[index])), labels[index]))

    return step


class Adaptation:
    def __init__(self, images, batch):
        self.images = images
        self.MS, self.MT, self.D = Encoder(), Encoder(), make_discriminator()
        self.for_D, self.for_MT = [sgd(self.D, 1e-5)], [sgd(self.MT, 1e-5)]
        self.domains = torch.cat((torch.full((batch,), SOURCE), torch.full((batch,), TARGET)))
        self.inverted = torch.full((batch,), SOURCE)
        with torch.no_grad():
            self.features = torch.cat([self.MS(part) for part in images.split(500)])

    def literal(self, index):
        fs, ft = self.MS(self.images[index]), self.MT(self.images[index])
        update(self.for_D, F.cross_entropy(self.D(torch.cat((fs, ft)).detach()), self.domains))
        update(self.for_MT, F.cross_entropy(self.D(self.MT(self.images[index])), self.inverted))

    def cached(self, index):
        ft = self.MT(self.images[index])
        both = torch.cat((self.features[index], ft.detach()))
        update(self.for_D, F.cross_entropy(self.D(both), self.domains))
        update(self.for_MT, F.cross_entropy(self.D(ft), self.inverted))


def uniform(count, least, most):
    return torch.empty(count).uniform_(least, most)


def random_views(images):
    """Applies random affine maps: bilinear, zero outside the image; ranges and theta as in src/models/views.ts."""
    count = len(images)
    turn, scale = uniform(count, -15, 15) * math.pi / 180, uniform(count, 0.85, 1.15)
    shear = uniform(count, -0.2, 0.2)
    right, down = uniform(count, -2, 2) * 2 / SIZE, uniform(count, -2, 2) * 2 / SIZE
    cos, sin = scale * turn.cos(), turn.sin()
    theta = torch.stack((torch.stack((cos, shear - sin, right), 1), torch.stack((sin, cos, down), 1)), 1)
    grid = F.affine_grid(theta, images.shape, align_corners=False)
    return F.grid_sample(images, grid, align_corners=False)


class AdversarialConsistency:
    def __init__(self, images, batch):
        self.images = images
        self.MS, self.MT, self.C = Encoder(), Encoder(), make_classifier()
        fc1, fc2, fc3 = make_discriminator()
        self.D = torch.nn.Sequential(fc1, torch.nn.ReLU(), fc2, torch.nn.ReLU(), fc3)
        self.C.requires_grad_(False)
        self.for_D = [torch.optim.Adam(self.D.parameters(), 1e-4, (0.5, 0.99))]
        self.for_MT = [torch.optim.Adam(self.MT.parameters(), 3e-4, (0.5, 0.99))]
        self.domains = torch.cat((torch.full((batch,), SOURCE), torch.full((batch,), TARGET)))
        self.inverted = torch.full((batch,), SOURCE)
        with torch.no_grad():
            self.features = torch.cat([self.MS(part) for part in images.split(PASS)])

    def step(self, index):
        x = self.images[index]
        ft = self.MT(x)
        both = torch.cat((self.features[index], ft.detach()))
        update(self.for_D, F.cross_entropy(self.D(both), self.domains))

        of_image, of_view = self.C(ft), self.C(self.MT(random_views(x)))
        p, log_p = of_image.softmax(1), of_image.log_softmax(1)
        mean = p.mean(0)
        entropy, evenness = -(p * log_p).sum(1).mean(), -(mean * (mean + 1e-8).log()).sum()
        consistency = -(p.detach() * of_view.log_softmax(1)).sum(1).mean()
        adversarial = F.cross_entropy(self.D(ft), self.inverted)
        update(self.for_MT, 0.1 * adversarial + entropy - evenness + consistency)


def step_of(stage, images, labels, batch):
    if stage == "source":
        return source_stage(images, labels, batch)
    if stage == "adversarial-consistency":
        return AdversarialConsistency(images, batch).step
    adaptation = Adaptation(images, batch)
    return adaptation.cached if stage == "adaptation-cached" else adaptation.literal


def time_steps(step, batches):
    for index in batches[:WARM_UP]:
        step(index)
    start = time.perf_counter()
    for index in batches:
        step(index)
    return time.perf_counter() - start


@torch.no_grad()
def time_evaluation(images, labels):
    """Times the second of two passes, as the lab does."""
    MT, C = Encoder(), make_classifier()
    seconds = 0
    for _ in range(2):
        start = time.perf_counter()
        predictions = torch.cat([C(MT(part)).argmax(1) for part in images.split(PASS)])
        (predictions == labels).float().mean().item()
        seconds = time.perf_counter() - start
    return seconds


STAGES = ["source", "adaptation", "adaptation-cached", "adversarial-consistency", "evaluation"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stage", choices=STAGES, required=True)
    parser.add_argument("--batch", type=int, default=50)
    parser.add_argument("--steps", type=int, default=150)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()

    end_with_parent()
    torch.set_num_threads(options.threads)
    torch.manual_seed(0)
    count = options.batch * options.steps
    images, labels = torch.rand(count, 1, SIZE, SIZE), torch.randint(0, 2, (count,))
    if options.stage == "evaluation":
        seconds = time_evaluation(images, labels)
    else:
        step = step_of(options.stage, images, labels, options.batch)
        seconds = time_steps(step, torch.randperm(count).split(options.batch))
    print(
        json.dumps(
            {
                "stage": options.stage,
                "batch": options.batch,
                "perSecond": round(count / seconds, 1),
                "version": torch.__version__,
                "processor": sum(resource.getrusage(resource.RUSAGE_SELF)[:2]),
            }
        )
    )


if __name__ == "__main__":
    main()

"""PyTorch doing the work of the lab's training steps, for `lab bench`: how many images or pairs a second?

  python throughput.py --stage source|adaptation|adaptation-cached [--batch 50] [--steps 150] [--threads 2]

Prints one JSON line: {"stage": ..., "batch": ..., "perSecond": ..., "version": ...}.

source             MS and C on labelled images, two SGD optimisers
adaptation         the published recipe to the letter: MS on every batch, MT forward twice a step
adaptation-cached  the same numbers with less work: MS's features looked up, MT's forward shared by both updates
"""
import argparse
import json
import time

import torch
import torch.nn.functional as F

from networks import Encoder, make_classifier, make_discriminator

WARM_UP = 10
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


def step_of(stage, images, labels, batch):
    if stage == "source":
        return source_stage(images, labels, batch)
    adaptation = Adaptation(images, batch)
    return adaptation.cached if stage == "adaptation-cached" else adaptation.literal


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stage", choices=["source", "adaptation", "adaptation-cached"], required=True)
    parser.add_argument("--batch", type=int, default=50)
    parser.add_argument("--steps", type=int, default=150)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()

    torch.set_num_threads(options.threads)
    torch.manual_seed(0)
    count = options.batch * options.steps
    images, labels = torch.rand(count, 1, 28, 28), torch.randint(0, 2, (count,))
    step = step_of(options.stage, images, labels, options.batch)
    batches = torch.randperm(count).split(options.batch)

    for index in batches[:WARM_UP]:
        step(index)
    start = time.perf_counter()
    for index in batches:
        step(index)
    seconds = time.perf_counter() - start
    print(
        json.dumps(
            {
                "stage": options.stage,
                "batch": options.batch,
                "perSecond": round(count / seconds, 1),
                "version": torch.__version__,
            }
        )
    )


if __name__ == "__main__":
    main()

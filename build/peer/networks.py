"""The networks of the published experiment, in PyTorch."""
import torch.nn.functional as F
from torch import nn


class Encoder(nn.Module):
    """[batch, 1, 28, 28] -> [batch, 512]"""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 32, 5)
        self.conv2 = nn.Conv2d(32, 64, 5)
        self.fc = nn.Linear(1024, 512)

    def forward(self, x):
        x = F.relu(F.max_pool2d(self.conv1(x), 2))
        x = F.relu(F.max_pool2d(self.conv2(x), 2))
        return self.fc(x.flatten(1))


def make_classifier():
    return nn.Linear(512, 2)


def make_discriminator():
    return nn.Sequential(nn.Linear(512, 512), nn.Linear(512, 512), nn.Linear(512, 2))

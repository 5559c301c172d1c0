"""Opens a checkpoint of the lab with Python's safetensors, rebuilds the networks in PyTorch and prints logits.

    python read_checkpoint.py CHECKPOINT IMAGES [--encoder source|target]

IMAGES is a .npy file of float32 or a JSON file of nested lists, [count, side, side, channels] or, for vectors,
[count, length], scaled as the experiment says. One JSON document on stdout: `logits` [count, classes] of C, `discriminator` [count, 2] of D or
null, and `verified`: whether both digests fit, computed here from the description in src/checkpoints/sealed.ts.
"""

import argparse
import hashlib
import json

import numpy
import torch
from safetensors import safe_open
from safetensors.torch import load_file


SIZES = {"lenet": (32, 64, 512), "lenet-bn": (20, 50, 256), "lenet-mlp": (32, 48, None)}
HIDDEN = 100


def mlp(model):
    lengths = [model["length"], *model["hidden"]]
    layers = {}
    for number, (inputs, outputs) in enumerate(zip(lengths, lengths[1:]), 1):
        layers[f"fc{number}"] = torch.nn.Linear(inputs, outputs)
        if model["batchNorm"]:
            layers[f"bn{number}"] = torch.nn.BatchNorm1d(outputs)
    return torch.nn.ModuleDict(layers).eval()


def map_side(side):
    for _ in range(2):
        side = (side - 4) // 2
    return side


def convnet_32(model):
    side = (model["side"] + 3) // 4
    return torch.nn.ModuleDict(
        {
            "conv1": torch.nn.Conv2d(model["channels"], 64, 5, padding=2),
            "bn1": torch.nn.BatchNorm2d(64),
            "conv2": torch.nn.Conv2d(64, 64, 5, padding=2),
            "bn2": torch.nn.BatchNorm2d(64),
            "conv3": torch.nn.Conv2d(64, 128, 5, padding=2),
            "bn3": torch.nn.BatchNorm2d(128),
            "fc1": torch.nn.Linear(128 * side**2, 3072),
            "bn1_fc": torch.nn.BatchNorm1d(3072),
        }
    ).eval()


def convnet_32_features(layers, x):
    for number in "123":
        x = torch.relu(layers["bn" + number](layers["conv" + number](x)))
        if number != "3":
            x = torch.max_pool2d(x, 3, stride=2, padding=1)
    return torch.relu(layers["bn1_fc"](layers["fc1"](x.flatten(1))))


def encoder(model):
    if model["encoder"] == "mlp":
        return mlp(model)
    if model["encoder"] == "convnet-32":
        return convnet_32(model)
    first, second, length = SIZES[model["encoder"]]
    layers = {
        "conv1": torch.nn.Conv2d(model["channels"], first, 5),
        "conv2": torch.nn.Conv2d(first, second, 5),
    }
    if model["encoder"] == "lenet-mlp":
        layers["bn1"], layers["bn2"] = torch.nn.BatchNorm2d(first), torch.nn.BatchNorm2d(second)
    else:
        layers["fc"] = torch.nn.Linear(second * map_side(model["side"]) ** 2, length)
    if model["encoder"] == "lenet-bn":
        layers["bn"] = torch.nn.BatchNorm1d(length)
    return torch.nn.ModuleDict(layers).eval()


def mlp_features(layers, x):
    for number in range(1, 7):
        if f"fc{number}" in layers:
            x = layers[f"fc{number}"](x)
            x = torch.relu(layers[f"bn{number}"](x) if f"bn{number}" in layers else x)
    return x


def features(layers, images):
    if "conv3" in layers:
        return convnet_32_features(layers, images)
    if "fc1" in layers:
        return mlp_features(layers, images)
    x = images
    for number in "12":
        x = layers["conv" + number](x)
        if "bn" + number in layers:
            x = layers["bn" + number](x)
        x = torch.max_pool2d(torch.relu(x), 2)
    x = x.flatten(1)
    for name in ("fc", "bn"):
        x = layers[name](x) if name in layers else x
    return x


def classifier(model, length, classes):
    if model["encoder"] == "convnet-32":
        return torch.nn.ModuleDict(
            {
                "fc2": torch.nn.Linear(length, 2048),
                "bn2_fc": torch.nn.BatchNorm1d(2048),
                "fc3": torch.nn.Linear(2048, classes),
            }
        ).eval()
    if model["encoder"] != "lenet-mlp":
        return torch.nn.ModuleDict({"fc": torch.nn.Linear(length, classes)})
    return torch.nn.ModuleDict(
        {
            "hidden1": torch.nn.Linear(length, HIDDEN),
            "bn1": torch.nn.BatchNorm1d(HIDDEN),
            "hidden2": torch.nn.Linear(HIDDEN, HIDDEN),
            "bn2": torch.nn.BatchNorm1d(HIDDEN),
            "fc": torch.nn.Linear(HIDDEN, classes),
        }
    ).eval()


def class_logits(layers, model, x):
    if "fc3" in layers:
        return layers["fc3"](torch.relu(layers["bn2_fc"](layers["fc2"](x))))
    if model["classifierActivation"] == "relu":
        x = torch.relu(x)
    for number in "12":
        if "hidden" + number in layers:
            x = torch.relu(layers["bn" + number](layers["hidden" + number](x)))
    return layers["fc"](x)


def load(layers, tensors, network):
    """Strict: every tensor of the network, and none that it does not have."""
    prefix = network + "."
    own = {name[len(prefix) :]: tensor for name, tensor in tensors.items() if name.startswith(prefix)}
    layers.load_state_dict(own, strict=True)
    return layers


def verified(path, metadata):
    with open(path, "rb") as file:
        content = file.read()
    length = int.from_bytes(content[:8], "little")
    header, data = content[8 : 8 + length], content[8 + length :]
    digest = metadata["dalab.header-sha256"]
    blank = header.replace(digest.encode(), b" " * 64)
    return (
        hashlib.sha256(blank).hexdigest() == digest
        and hashlib.sha256(data).hexdigest() == metadata["dalab.data-sha256"]
    )


def read_images(path):
    if path.endswith(".npy"):
        images = numpy.load(path)
    else:
        with open(path) as file:
            images = numpy.array(json.load(file))
    images = torch.from_numpy(images.astype("float32"))
    return images.permute(0, 3, 1, 2) if images.ndim == 4 else images


def discriminator_logits(tensors, facts, x):
    if "discriminator.fc1.weight" not in tensors:
        return None
    sizes = {"fc1": (x.shape[1], 512), "fc2": (512, 512), "fc3": (512, 2)}
    shapes = {name: torch.nn.Linear(*size) for name, size in sizes.items()}
    layers = load(torch.nn.ModuleDict(shapes), tensors, "discriminator")
    parameters = facts["experiment"]["adaptation"]["parameters"]
    activate = torch.relu if parameters.get("discriminatorActivation") == "relu" else lambda y: y
    return layers["fc3"](activate(layers["fc2"](activate(layers["fc1"](x))))).tolist()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("checkpoint")
    parser.add_argument("images")
    parser.add_argument("--encoder", choices=["source", "target"], default="target")
    arguments = parser.parse_args()

    tensors = load_file(arguments.checkpoint)
    with safe_open(arguments.checkpoint, framework="pt") as file:
        metadata = file.metadata()
    facts = json.loads(metadata["dalab.facts"])
    model = facts["experiment"]["model"]

    def judge(part, otherwise):
        """Adapted networks judge the target where they are there; before, and where none is, those of the source."""
        adapted = "target_" + part
        is_there = any(name.startswith(adapted + ".") for name in tensors)
        return adapted if arguments.encoder == "target" and is_there else otherwise

    network = judge("encoder", "source_encoder")

    with torch.no_grad():
        images = read_images(arguments.images)
        x = features(load(encoder(model), tensors, network), images)
        classes = len(facts["experiment"]["source"]["classes"])
        judging = load(classifier(model, x.shape[1], classes), tensors, judge("classifier", "classifier"))
        result = {
            "encoder": network,
            "logits": class_logits(judging, model, x).tolist(),
            "discriminator": discriminator_logits(tensors, facts, x),
            "verified": verified(arguments.checkpoint, metadata),
        }
    print(json.dumps(result))


main()

"""Trains what bench/learning hands over in PyTorch, float32, and prints its losses as JSON.

python3 pytorch.py FOLDER with job.json, weights.safetensors, training.safetensors and heldOut.safetensors
"""

import json
import sys
from pathlib import Path

import numpy
import torch
from torch import nn


def read_safetensors(file):
    """The F32 tensors of a safetensors file by name, and nothing else that the format allows."""
    content = file.read_bytes()
    begin = 8 + int.from_bytes(content[:8], "little")
    header = json.loads(content[8:begin])
    header.pop("__metadata__", None)
    tensors = {}
    for name, entry in header.items():
        first, end = entry["data_offsets"]
        data = numpy.frombuffer(content[begin + first : begin + end], dtype="<f4")
        tensors[name] = torch.tensor(data.reshape(entry["shape"]))
    return tensors


def layer_of(kind, config):
    if kind == "embedding":
        return nn.Embedding(config["vocabulary"], config["features"])
    if kind == "linear":
        return nn.Linear(config["inputs"], config["outputs"])
    if kind in ("lstm", "gru", "rnn"):
        recurrent = {"lstm": nn.LSTM, "gru": nn.GRU, "rnn": nn.RNN}[kind]
        return recurrent(config["inputs"], config["hidden"], batch_first=True)
    return nn.Identity()


class Network(nn.Module):
    """Layers named by their places, as in the weights' names."""

    def __init__(self, layers):
        super().__init__()
        self.described = layers
        for place, layer in enumerate(layers):
            self.add_module(str(place), layer_of(layer["kind"], layer["config"]))

    def forward(self, x, lengths, states):
        """[B, T, ...] to [B, T, O] or, of the last step, [B, 1, O]; `states` are taken and replaced."""
        for place, layer in enumerate(self.described):
            kind, module = layer["kind"], getattr(self, str(place))
            if kind == "embedding":
                x = module(x.long())
            elif kind == "oneHot":
                x = nn.functional.one_hot(x.long(), layer["config"]["vocabulary"]).float()
            elif kind == "lastStep":
                x = x[torch.arange(len(x)), lengths.long() - 1].unsqueeze(1)
            elif kind == "linear":
                x = module(x)
            else:
                x, states[place] = module(x, states.get(place))
        return x


def detached(state):
    return tuple(part.detach() for part in state) if isinstance(state, tuple) else state.detach()


def loss_of(network, kind, batches, place, states):
    """The mean loss of one batch over the steps of its rows, and what they weigh together."""
    inputs, targets, lengths = (batches[name][place] for name in ("inputs", "targets", "lengths"))
    for layer in list(states):
        states[layer] = detached(states[layer])
    if batches["starts"][place] == 1:
        states.clear()
    outputs = network(inputs, lengths, states)
    if kind == "crossEntropy":
        flat = outputs.reshape(-1, outputs.shape[-1])
        losses = nn.functional.cross_entropy(flat, targets.reshape(-1).long(), reduction="none")
    else:
        losses = (outputs.reshape(targets.shape) - targets).square()
    losses = losses.reshape(outputs.shape[0], outputs.shape[1], -1).mean(2)
    if outputs.shape[1] == 1:
        return losses.mean(), losses.numel()
    mask = (torch.arange(outputs.shape[1]) < lengths[:, None]).float()
    return (losses * mask).sum() / mask.sum(), mask.sum().item()


def main(folder):
    job = json.loads((folder / "job.json").read_text())
    training, held_out = (read_safetensors(folder / f"{name}.safetensors") for name in ("training", "heldOut"))
    network = Network(job["layers"])
    network.load_state_dict(read_safetensors(folder / "weights.safetensors"))
    optimizer = torch.optim.Adam(network.parameters(), lr=job["learningRate"])
    losses, measured, states = [], [], {}
    for step in range(job["at"][-1]):
        optimizer.zero_grad()
        loss, _ = loss_of(network, job["loss"], training, step, states)
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), job["clipNorm"])
        optimizer.step()
        losses.append(loss.item())
        if step + 1 in job["at"]:
            with torch.no_grad():
                past = {}
                parts = [loss_of(network, job["loss"], held_out, place, past) for place in range(len(held_out["inputs"]))]
            measured.append(sum(mean.item() * weight for mean, weight in parts) / sum(weight for _, weight in parts))
    print(json.dumps({"version": torch.__version__, "losses": losses, "heldOut": measured}))


main(Path(sys.argv[1]))

"""PyTorch on the CPU, driven by lines of JSON: the first says what to prepare, each further one asks for a run."""

import json
import sys
import time

import torch

job = json.loads(sys.stdin.readline())
begin = time.perf_counter()
work, data, options = job["workload"], job["given"], job["training"]
dtype = getattr(torch, job["dtype"])
torch.set_default_dtype(dtype)
T, B, H, L = work["time"], work["batch"], work["hidden"], work["layers"]

recurrent = {"lstm": torch.nn.LSTM, "gru": torch.nn.GRU}[work["cell"]](work["features"], H, L)
if work["kind"] == "inference":
    model = torch.nn.Sequential(recurrent)
else:
    embedding = torch.nn.Embedding(work["vocabulary"], work["features"])
    model = torch.nn.Sequential(embedding, recurrent, torch.nn.Linear(H, work["vocabulary"]))
model.load_state_dict(
    {name: torch.tensor(each["data"], dtype=dtype).reshape(each["shape"]) for name, each in data["weights"].items()}
)
inputs = torch.tensor(data["inputs"])
if work["kind"] == "training":
    inputs, targets = inputs.reshape(T, B), torch.tensor(data["targets"])
    betas = (options["beta1"], options["beta2"])
    adam = torch.optim.Adam(model.parameters(), options["learningRate"], betas, options["epsilon"])


def training():
    adam.zero_grad()
    outputs = model[2](model[1](model[0](inputs))[0])
    loss = torch.nn.functional.cross_entropy(outputs.flatten(0, 1), targets)
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), options["clipNorm"])
    adam.step()
    return [loss.item()]


@torch.no_grad()
def sampling():
    drawn, token, states = [], inputs[:1].reshape(1, 1), None
    while len(drawn) < T:
        outputs, states = model[1](model[0](token), states)
        token = model[2](outputs).argmax(-1)
        drawn.append(token.item())
    return drawn


@torch.no_grad()
def inference():
    return model[0](inputs.to(dtype).reshape(T, B, work["features"]))[0].flatten().tolist()


run = {"training": training, "sampling": sampling, "inference": inference}[work["kind"]]
print(json.dumps({"milliseconds": 1000 * (time.perf_counter() - begin)}), flush=True)
for _ in sys.stdin:
    begin = time.perf_counter()
    results = run()
    print(json.dumps({"milliseconds": 1000 * (time.perf_counter() - begin), "results": results}), flush=True)

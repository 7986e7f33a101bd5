"""One way of training one model in PyTorch, for training.ts: pytorch.py MODEL eager|fused|compile IMAGES. A number on stdin asks for so many steps."""
import json
import math
import os
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

BATCH, LATENT, WARM_UP = int(os.environ.get("BENCH_BATCH", "128")), 20, 20
model_name, way, images = sys.argv[1:4]
on_card = os.environ.get("BENCH_DEVICE") == "card"
torch.set_num_threads(2)
torch.manual_seed(1)


def say(line):
    print(json.dumps(line), flush=True)


def peak_rss_mb():
    try:
        with open("/proc/self/status") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 1024
    except OSError:
        import resource  # not on Windows

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 * 1024)  # macOS counts bytes


if on_card and not torch.cuda.is_available():
    say({"failed": "PyTorch finds no NVIDIA card that it can use."})
    sys.exit(1)
device = torch.device("cuda" if on_card else "cpu")
torch.backends.cudnn.allow_tf32 = False  # single precision throughout, as products have by default, and as VAE Lab has


class Vae(nn.Module):
    """The networks of models.ts: channels before height and width, as PyTorch has them."""

    def __init__(self, encoder, features, decoder):
        super().__init__()
        self.encoder, self.decoder = encoder, decoder
        self.mean, self.log_variance = nn.Linear(features, LATENT), nn.Linear(features, LATENT)

    def forward(self, x, samples=1):
        features = self.encoder(x)
        mean, log_variance = self.mean(features), self.log_variance(features).clamp(-30, 30)
        noise = torch.randn(samples * len(x), LATENT, device=x.device)
        z = mean.repeat(samples, 1) + torch.exp(0.5 * log_variance).repeat(samples, 1) * noise
        return self.decoder(z).flatten(1), mean, log_variance, z, noise


def norm(channels):
    return nn.BatchNorm2d(channels, eps=1e-3, momentum=0.01)


def conv(normalized):
    between = (lambda c: [norm(c), nn.ReLU()]) if normalized else (lambda c: [nn.ReLU()])
    encoder = nn.Sequential(
        nn.Unflatten(1, (1, 28, 28)), nn.Conv2d(1, 32, 3, 2, 1), *between(32), nn.Conv2d(32, 64, 3, 2, 1), *between(64), nn.Flatten()
    )
    decoder = nn.Sequential(
        nn.Linear(LATENT, 7 * 7 * 64), nn.Unflatten(1, (64, 7, 7)), *between(64),
        nn.ConvTranspose2d(64, 32, 3, 2, 1, 1), *between(32), nn.ConvTranspose2d(32, 1, 3, 2, 1, 1), nn.Conv2d(1, 1, 1),
    )
    return Vae(encoder, 7 * 7 * 64, decoder)


def mlp():
    return Vae(nn.Sequential(nn.Linear(784, 400), nn.ReLU()), 400, nn.Sequential(nn.Linear(LATENT, 400), nn.ReLU(), nn.Linear(400, 784)))


MODELS = {"mlp": mlp, "mlp-iwae5": mlp, "conv": lambda: conv(False), "conv-bn": lambda: conv(True)}
SAMPLES = 5

model = MODELS[model_name]().to(device)
data = torch.frombuffer(bytearray(open(images, "rb").read()), dtype=torch.uint8).view(-1, 784)
order = torch.randperm(len(data))
tuned = way != "eager"
if tuned:
    torch.set_flush_denormal(True)
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, fused=True if tuned else None)


def reconstruction_nats(logits, x, reduction):
    """The usual script has the decoder's sigmoid and a binary cross-entropy of its output; tuned, both are one function of the logits."""
    if tuned:
        return F.binary_cross_entropy_with_logits(logits, x, reduction=reduction)
    return F.binary_cross_entropy(torch.sigmoid(logits), x, reduction=reduction)


def negative_elbo(x):
    """Nats per example."""
    logits, mean, log_variance, _, _ = model(x)
    return (reconstruction_nats(logits, x, "sum") - 0.5 * torch.sum(1 + log_variance - mean.pow(2) - log_variance.exp())) / len(x)


def negative_iwae(x):
    """Nats per example, Burda et al. 2016, eq. 8: minus the logarithm of the mean of p(x, z) / q(z|x)."""
    logits, _, log_variance, z, noise = model(x, SAMPLES)
    nats = reconstruction_nats(logits, x.repeat(SAMPLES, 1), "none").sum(1)
    log_weights = 0.5 * (noise.pow(2) - z.pow(2) + log_variance.repeat(SAMPLES, 1)).sum(1) - nats
    return (math.log(SAMPLES) - torch.logsumexp(log_weights.view(SAMPLES, -1), 0)).mean()


negative_bound = negative_iwae if model_name == "mlp-iwae5" else negative_elbo
loss_of = torch.compile(negative_bound) if way == "compile" else negative_bound
done = 0


def step():
    global done
    began = time.perf_counter()
    at = done % (len(data) // BATCH) * BATCH
    done += 1
    x = data[order[at : at + BATCH]].to(device).float().div_(255)
    optimizer.zero_grad()
    loss = loss_of(x)
    loss.backward()
    optimizer.step()
    value = loss.item()
    assert value == value, f"The loss is {value} at step {done}."
    return 1000 * (time.perf_counter() - began)


for _ in range(WARM_UP):
    step()
say({"ready": True, "device": f"{torch.cuda.get_device_name() if on_card else 'CPU'}, PyTorch {torch.__version__}", "weights": sum(p.numel() for p in model.parameters())})
for line in sys.stdin:
    say({"times": [step() for _ in range(int(line))], "peakRssMb": peak_rss_mb()})

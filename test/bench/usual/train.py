"""The script a VAE is usually trained with: torchvision's MNIST read item by item, the loss read at each step. train.py FOLDER EPOCHS; for ../runs.ts.
In a folder of its own: torchvision would take ../pytorch.py for a package of that name."""
import sys

import torch
from torch import nn, optim
from torch.nn import functional as F
from torch.utils.data import DataLoader
from torchvision import datasets, transforms

folder, epochs = sys.argv[1], int(sys.argv[2])
torch.manual_seed(1)


class Vae(nn.Module):
    """784-400-20-400-784, as samples/digits.vae.ts."""

    def __init__(self):
        super().__init__()
        self.hidden, self.mean, self.log_variance = nn.Linear(784, 400), nn.Linear(400, 20), nn.Linear(400, 20)
        self.decoder = nn.Sequential(nn.Linear(20, 400), nn.ReLU(), nn.Linear(400, 784), nn.Sigmoid())

    def forward(self, x):
        h = F.relu(self.hidden(x))
        mean, log_variance = self.mean(h), self.log_variance(h)
        return self.decoder(mean + torch.exp(0.5 * log_variance) * torch.randn_like(mean)), mean, log_variance


def loader(train):
    return DataLoader(datasets.MNIST(folder, train=train, transform=transforms.ToTensor()), batch_size=128, shuffle=train)


def negative_elbo(x):
    """Nats, summed over the batch."""
    pixels, mean, log_variance = model(x)
    return F.binary_cross_entropy(pixels, x, reduction="sum") - 0.5 * torch.sum(1 + log_variance - mean.pow(2) - log_variance.exp())


model = Vae()
optimizer = optim.Adam(model.parameters(), lr=1e-3)
training, held_out = loader(True), loader(False)
for epoch in range(epochs):
    total = 0.0
    model.train()
    for images, _ in training:
        optimizer.zero_grad()
        loss = negative_elbo(images.view(-1, 784))
        loss.backward()
        optimizer.step()
        total += loss.item()
    model.eval()
    with torch.no_grad():
        held = sum(negative_elbo(images.view(-1, 784)).item() for images, _ in held_out)
    print(f"epoch {epoch + 1}: {total / len(training.dataset):.2f}, held-out {held / len(held_out.dataset):.2f} nats", flush=True)

"""A network trained in half precision from float32 weights, in steps that a CUDA graph can hold: without a look at any value.

A small network's step is a thousand short kernels; replayed as a graph they follow one another without waiting for Python.
"""

from collections.abc import Callable

import torch


def half_of(device: str) -> torch.dtype:
    return torch.bfloat16 if device.startswith('cuda') else torch.float32


class Learner:
    """Gradients of a bfloat16 network (float32 on a CPU), clipped to 1, go to AdamW on float32 weights, which are averaged."""

    def __init__(self, network: torch.nn.Module, device: str, *, rate: float, weight_decay: float, decay: float, layout=torch.contiguous_format):
        cuda = device.startswith('cuda')
        network = network.to(device).to(memory_format=layout)
        self.names = [name for name, _ in network.named_parameters()]
        self.weights = [p.detach().float().clone().requires_grad_() for p in network.parameters()]
        self.network = network.to(half_of(device)).requires_grad_()
        self.live = list(self.network.parameters())
        self.kept = [w.detach().clone() for w in self.weights]
        self.good = [w.detach().clone() for w in self.weights]
        for weight in self.weights:
            weight.grad = torch.zeros_like(weight)
        self.rate, self.decay = torch.tensor(rate, device=device), decay
        self.optimizer = torch.optim.AdamW(
            self.weights, self.rate, betas=(0.9, 0.99), weight_decay=weight_decay, fused=True, capturable=cuda
        )
        self.losses = torch.zeros((), device=device)

    def learn(self, loss: torch.Tensor) -> None:
        for p in self.live:
            p.grad = None  # so that none is added to: inside a graph each gradient has its own place
        loss.backward()
        self.apply(loss.detach())

    @torch.no_grad()
    def apply(self, loss: torch.Tensor) -> None:
        torch._foreach_copy_([w.grad for w in self.weights], [p.grad for p in self.live])
        torch.nn.utils.clip_grad_norm_(self.weights, 1.0, foreach=True)
        self.optimizer.step()
        weights = [w.detach() for w in self.weights]
        torch._foreach_copy_([p.detach() for p in self.live], weights)
        torch._foreach_lerp_(self.kept, weights, 1 - self.decay)
        self.losses += loss

    def take_losses(self) -> float:
        """Their sum since the last call; waits for the device."""
        total = self.losses.item()
        self.losses.zero_()
        return total

    @torch.no_grad()
    def remember(self) -> None:
        torch._foreach_copy_(self.good, self.kept)

    @torch.no_grad()
    def go_back(self) -> None:
        """To the averaged weights last remembered, everything else forgotten; every tensor stays where a graph knows it."""
        for tensors in ([w.detach() for w in self.weights], self.kept, [p.detach() for p in self.live]):
            torch._foreach_copy_(tensors, self.good)
        for state in self.optimizer.state.values():
            for value in state.values():
                value.zero_()

    def averaged(self) -> dict[str, torch.Tensor]:
        return dict(zip(self.names, self.kept))


def captured(step: Callable[[], None], generator: torch.Generator, warm: int = 3) -> Callable[[], None]:
    """The step as a CUDA graph, after running it `warm` times. All that it draws at random must come from the generator."""
    before, side = torch.cuda.current_stream(), torch.cuda.Stream()
    side.wait_stream(before)
    with torch.cuda.stream(side):
        for _ in range(warm):
            step()
    before.wait_stream(side)
    torch.cuda.synchronize()
    graph = torch.cuda.CUDAGraph()
    graph.register_generator_state(generator)
    try:
        with torch.cuda.graph(graph):
            step()
    finally:
        torch.cuda.set_stream(before)  # where a capture fails, torch stays on its stream
    graph.replay()
    torch.cuda.synchronize()
    return graph.replay


class Ahead:
    """Lets Python run at most so many steps ahead of the device."""

    def __init__(self, device: str, most: int = 24):
        self.most, self.events, self.cuda = most, [], device.startswith('cuda')

    def step(self) -> None:
        if self.cuda:
            event = torch.cuda.Event()
            event.record()
            self.events.append(event)
            if len(self.events) > self.most:
                self.events.pop(0).synchronize()

"""Samples that stay on the device that trains, from which batches are drawn at random: each is used several times."""

import torch


class Pool:
    """Columns of equal length; once it is full, what is added takes the place of the oldest."""

    def __init__(self, capacity: int, device: str, **columns: tuple[tuple[int, ...], torch.dtype]):
        self.capacity, self.added = capacity, 0
        self.columns = {name: torch.empty((capacity, *shape), dtype=kind, device=device) for name, (shape, kind) in columns.items()}
        self.size = torch.zeros((), device=device)  # on the device, so that a captured step sees it grow

    def __len__(self) -> int:
        return min(self.added, self.capacity)

    def add(self, **rows: torch.Tensor) -> None:
        count = len(next(iter(rows.values())))
        start = self.added % self.capacity
        before_end = min(count, self.capacity - start)
        for name, column in self.columns.items():
            column[start : start + before_end] = rows[name][:before_end].to(column.dtype)
            if before_end < count:
                column[: count - before_end] = rows[name][before_end:].to(column.dtype)
        self.added += count
        self.size.fill_(len(self))

    def draw(self, count: int, generator: torch.Generator) -> dict[str, torch.Tensor]:
        at = torch.rand(count, generator=generator, device=self.size.device) * self.size
        at = torch.minimum(at.long(), self.size.long() - 1)
        return {name: column[at] for name, column in self.columns.items()}

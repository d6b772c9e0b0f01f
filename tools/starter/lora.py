"""A low-rank adapter over a diffusers U-Net: side branches while it is trained, an ordinary file in kohya's words afterwards."""

import torch
from torch import nn

LOW_RANK = (nn.Linear, nn.Conv2d)
TRAINED_AT = 0.8  # the strength at which it is as it was trained: people may go below and a little beyond


class Branch(nn.Module):
    """up(down(x)) beside one layer."""

    def __init__(self, layer: nn.Module, rank: int):
        super().__init__()
        if isinstance(layer, nn.Linear):
            self.down = nn.Linear(layer.in_features, rank, bias=False)
            self.up = nn.Linear(rank, layer.out_features, bias=False)
        else:
            how = dict(stride=layer.stride, padding=layer.padding, bias=False)
            self.down = nn.Conv2d(layer.in_channels, rank, layer.kernel_size, **how)
            self.up = nn.Conv2d(rank, layer.out_channels, 1, bias=False)
        nn.init.zeros_(self.up.weight)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.up(self.down(x))


class Lora(nn.Module):
    """Branches of all linear layers and convolutions of a model, at `strength`; the model's own weights stay as they are."""

    def __init__(self, model: nn.Module, rank: int, strength: float = TRAINED_AT):
        super().__init__()
        self.rank, self.strength, self.names, self.branches = rank, strength, [], nn.ModuleList()
        for name, layer in list(model.named_modules()):
            if isinstance(layer, LOW_RANK):
                branch = Branch(layer, min(rank, *layer.weight.shape[:2]))
                self.names.append(name)
                self.branches.append(branch)
                layer.register_forward_hook(self._beside(branch))

    def _beside(self, branch: Branch):
        return lambda layer, given, out: out + self.strength / TRAINED_AT * branch(given[0]) if self.strength else out

    def tensors(self) -> dict[str, torch.Tensor]:
        """float16, under kohya's names."""
        out = {}
        for name, branch in zip(self.names, self.branches):
            key = f'lora_unet_{name.replace(".", "_")}'
            out[f'{key}.lora_down.weight'] = branch.down.weight.detach().half().contiguous()
            out[f'{key}.lora_up.weight'] = branch.up.weight.detach().half().contiguous()
            out[f'{key}.alpha'] = torch.tensor(len(branch.down.weight) / TRAINED_AT).half()
        return out

    def load_tensors(self, tensors: dict[str, torch.Tensor]) -> None:
        with torch.no_grad():
            for name, branch in zip(self.names, self.branches):
                key = f'lora_unet_{name.replace(".", "_")}'
                branch.down.weight.copy_(tensors[f'{key}.lora_down.weight'])
                branch.up.weight.copy_(tensors[f'{key}.lora_up.weight'])

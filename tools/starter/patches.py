"""The starter's latents: a principal component analysis of 8x8 pixel patches, exactly invertible into an AutoencoderKL encoder.

A learned encoder needs far more training than a small model can spend; a linear one is found at once, and only the decoder
is trained. A latent cell holds 16 coefficients, scaled by the square root of their deviation (so that smooth components
stay larger, mean square 1).
"""

from dataclasses import dataclass

import torch
import torch.nn.functional as F

PATCH = 8


@dataclass
class PatchCoder:
    matrix: torch.Tensor  # [192, channels]
    bias: torch.Tensor  # [channels]

    def encode(self, pictures: torch.Tensor) -> torch.Tensor:
        """[n, 3, H, W] in -1..1 -> [n, channels, H/8, W/8]."""
        n, _, height, width = pictures.shape
        cells = F.unfold(pictures, PATCH, stride=PATCH).transpose(1, 2) @ self.matrix + self.bias
        return cells.transpose(1, 2).reshape(n, -1, height // PATCH, width // PATCH)

    def to(self, device: str) -> 'PatchCoder':
        return PatchCoder(self.matrix.to(device), self.bias.to(device))


def fit_patches(pictures: torch.Tensor, channels: int = 16) -> PatchCoder:
    """The coder of a set of [n, 3, H, W] pictures in -1..1."""
    patches = F.unfold(pictures, PATCH, stride=PATCH).transpose(1, 2).reshape(-1, 3 * PATCH * PATCH)
    mean = patches.mean(0)
    _, singular, components = torch.linalg.svd(patches - mean, full_matrices=False)
    deviation = singular[:channels] / len(patches) ** 0.5
    scale = deviation.sqrt()
    scale = scale * (deviation / scale).pow(2).mean().sqrt()
    matrix = components[:channels].T / scale
    return PatchCoder(matrix.contiguous(), -mean @ matrix)


@torch.no_grad()
def probe_encoder(vae) -> PatchCoder:
    """The coder inside a shipped starter: its encoder is linear on 8x8 patches, so 193 pictures reveal it."""
    size = 3 * PATCH * PATCH
    encode = lambda x: vae.encode(x).latent_dist.mean.reshape(len(x), -1).double() * vae.config.scaling_factor
    zero = encode(torch.zeros(1, 3, PATCH, PATCH))[0]
    basis = encode(torch.eye(size).view(size, 3, PATCH, PATCH))
    return PatchCoder((basis - zero).float(), zero.float())


@torch.no_grad()
def write_encoder(vae, coder: PatchCoder, pictures: torch.Tensor) -> None:
    """Writes the coder into an AutoencoderKL's encoder (8x8 patches, configs.VAE): convolutions only, nothing trained.

    ResNets are made identities (zero second convolution). The final SiLU is undone by silu(a) - silu(-a) = a, the final
    GroupNorm made nearly constant by pairs of channels at +-LARGE. The 4x4 level has fewer channels than its 48 numbers:
    the `pictures` ([n, 3, H, W], -1..1) decide which combinations are kept.
    """
    large, encoder, channels = 30.0, vae.encoder, vae.config.block_out_channels
    width, groups, latent = channels[3], vae.config.norm_num_groups, coder.matrix.shape[1]
    for name, parameter in encoder.named_parameters():
        parameter.fill_(1.0 if 'norm' in name and name.endswith('weight') else 0.0)
    down = encoder.down_blocks
    for c in range(3):
        encoder.conv_in.weight[c, c, 1, 1] = 1
        for y in range(2):
            for x in range(2):
                down[0].downsamplers[0].conv.weight[c * 4 + y * 2 + x, c, y, x] = 1
    down[1].resnets[0].conv_shortcut.weight[range(12), range(12), 0, 0] = 1
    basis, mixing = _quarter_basis(coder, pictures, min(48, channels[1]))
    rank = basis.shape[-1]
    for c in range(3):
        for y in range(4):
            for x in range(4):
                source = c * 4 + y % 2 * 2 + x % 2
                down[1].downsamplers[0].conv.weight[:rank, source, y // 2, x // 2] = basis[c, y, x]
    down[2].resnets[0].conv_shortcut.weight[range(rank), range(rank), 0, 0] = 1
    for y in range(2):
        for x in range(2):
            down[2].downsamplers[0].conv.weight[:latent, :rank, y, x] = mixing[:, y * 2 + x].T
    down[2].downsamplers[0].conv.bias[:latent] = coder.bias
    _write_head(vae, width // groups, latent // groups, large)
    vae.quant_conv.weight.zero_()
    vae.quant_conv.bias.zero_()
    vae.quant_conv.weight[range(2 * latent), range(2 * latent)] = 1


def _quarter_basis(coder: PatchCoder, pictures: torch.Tensor, rank: int) -> tuple[torch.Tensor, torch.Tensor]:
    """(basis [3, 4, 4, rank], mixing [rank, 4, channels]): best rank-limited factors of the coder through 4x4 patches."""
    patches = F.unfold(pictures, 4, stride=4).transpose(1, 2).reshape(-1, 48).double()
    root = torch.linalg.cholesky(patches.T @ patches / len(patches) + 1e-6 * torch.eye(48).double())
    whole = coder.matrix.view(3, PATCH, PATCH, -1)
    quarters = [whole[:, y : y + 4, x : x + 4].reshape(48, -1) for y in (0, 4) for x in (0, 4)]
    wanted = root.T @ torch.stack(quarters, 1).double().reshape(48, -1)
    left = torch.linalg.svd(wanted, full_matrices=False)[0][:, :rank]
    basis = torch.linalg.solve(root.T, left)
    scale = 1 / basis.abs().max(0)[0]
    mixing = (left.T @ wanted).view(rank, 4, -1) / scale[:, None, None]
    return (basis * scale).float().view(3, 4, 4, rank), mixing.float()


def _write_head(vae, group: int, per_group: int, large: float) -> None:
    """The encoder's last block, norm and convolution: each latent value as a +- pair in its group, log-variance -12."""
    encoder, latent = vae.encoder, vae.config.latent_channels
    shortcut, padding = encoder.down_blocks[3].resnets[0].conv_shortcut, group - 2 * per_group
    encoder.conv_norm_out.weight.zero_()
    gain = (padding * large * large / group) ** 0.5  # the deviation that the constant channels give the group
    for k in range(latent):
        g, i = divmod(k, per_group)
        for offset, sign in ((i, 1), (per_group + i, -1)):
            channel = g * group + offset
            shortcut.weight[channel, k] = sign
            encoder.conv_norm_out.weight[channel] = gain
            encoder.conv_out.weight[k, channel, 1, 1] = sign
    for channel in range(vae.config.block_out_channels[3]):
        position = channel % group - 2 * per_group
        if position >= 0:
            shortcut.bias[channel] = large if position % 2 else -large
    encoder.conv_out.bias[latent:] = -12.0

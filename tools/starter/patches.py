"""The starter's latents: a principal component analysis of square patches of pixels, written into an AutoencoderKL encoder.

A learned encoder needs far more training than a small model can spend; a linear one is found at once, and only the decoder
is trained. A latent cell holds the coefficients of its patch, scaled by the square root of their deviation (so that smooth
components stay larger, mean square 1). Version 0: 16 of 8x8 pixels; since version 1: 32 of 16x16.
"""

import math
from dataclasses import dataclass

import torch
import torch.nn.functional as F


@dataclass
class PatchCoder:
    matrix: torch.Tensor  # [3 * patch * patch, channels]
    bias: torch.Tensor  # [channels]

    @property
    def patch(self) -> int:
        """Side of a patch in pixels: the autoencoder's factor."""
        return math.isqrt(len(self.matrix) // 3)

    def encode(self, pictures: torch.Tensor) -> torch.Tensor:
        """[n, 3, H, W] in -1..1 -> [n, channels, H/patch, W/patch]."""
        filters = self.matrix.T.reshape(-1, 3, self.patch, self.patch)
        return F.conv2d(pictures, filters, self.bias, stride=self.patch)

    def to(self, device: str) -> 'PatchCoder':
        return PatchCoder(self.matrix.to(device), self.bias.to(device))


def patches_of(pictures: torch.Tensor, patch: int) -> torch.Tensor:
    """[n, 3, H, W] -> [patches, 3 * patch * patch]."""
    return F.unfold(pictures, patch, stride=patch).transpose(1, 2).reshape(-1, 3 * patch * patch)


def fit_patches(pictures: torch.Tensor, patch: int, channels: int) -> PatchCoder:
    """The coder of a set of [n, 3, H, W] pictures in -1..1."""
    patches = patches_of(pictures, patch)
    mean = patches.mean(0)
    deviation, components = principal(patches - mean, channels)
    scale = deviation.sqrt()
    scale = scale * (deviation / scale).pow(2).mean().sqrt()
    matrix = components / scale
    return PatchCoder(matrix.contiguous(), -mean @ matrix)


def principal(centred: torch.Tensor, count: int) -> tuple[torch.Tensor, torch.Tensor]:
    """(deviations [count], components [size, count]) of [n, size] rows of mean 0, the largest first."""
    variance, vectors = torch.linalg.eigh((centred.T @ centred).double() / len(centred))
    return variance.flip(0)[:count].clamp_min(0).sqrt().float(), vectors.flip(1)[:, :count].float()


def grow_patches(coder: PatchCoder, pictures: torch.Tensor, channels: int) -> PatchCoder:
    """A coder of patches twice as wide, for pictures twice as large ([n, 3, H, W], -1..1).

    Its first channels are the old coder's of the halved picture, so a U-Net that draws those goes on from there; the others
    are the principal components of what those leave unexplained, their scale going on where the old one's ends.
    """
    old, small, large = coder.matrix.shape[1], coder.patch, 2 * coder.patch
    halving = coder.matrix.view(3, small, 1, small, 1, old).expand(3, small, 2, small, 2, old) / 4
    first = halving.reshape(3 * large * large, old)
    patches = patches_of(pictures, large)
    mean = patches.mean(0)
    centred = patches - mean
    codes = centred @ first
    explained = torch.linalg.lstsq(codes.double(), centred.double()).solution.float()
    deviation, components = principal(centred - codes @ explained, channels - old)
    scale = deviation * (deviation[0] / deviation).sqrt() / codes.std(0).min()
    more = (components - first @ (explained @ components)) / scale
    return PatchCoder(torch.cat([first, more], 1).contiguous(), torch.cat([coder.bias, -mean @ more]))


@torch.no_grad()
def probe_encoder(vae) -> PatchCoder:
    """The coder inside a starter: its encoder is linear on patches, so a picture for each of their numbers reveals it."""
    patch = 2 ** (len(vae.config.block_out_channels) - 1)
    size = 3 * patch * patch
    encode = lambda x: vae.encode(x).latent_dist.mean.reshape(len(x), -1).double() * vae.config.scaling_factor
    zero = encode(torch.zeros(1, 3, patch, patch))[0]
    basis = torch.cat([encode(part) for part in torch.eye(size).view(size, 3, patch, patch).split(64)])
    return PatchCoder((basis - zero).float(), zero.float())


@torch.no_grad()
def write_encoder(vae, coder: PatchCoder, pictures: torch.Tensor) -> None:
    """Writes the coder into an AutoencoderKL's encoder: convolutions only, nothing trained.

    ResNets are made identities (zero second convolution). Each level joins 2x2 cells of the one before; where it has fewer
    channels than numbers to carry, the `pictures` ([n, 3, H, W], -1..1) decide which combinations are kept. The final SiLU
    is undone by silu(a) - silu(-a) = a, the final GroupNorm made nearly constant by pairs of channels at +-LARGE.
    """
    large, encoder, channels = 30.0, vae.encoder, vae.config.block_out_channels
    width, groups, latent = channels[-1], vae.config.norm_num_groups, coder.matrix.shape[1]
    for name, parameter in encoder.named_parameters():
        parameter.fill_(1.0 if 'norm' in name and name.endswith('weight') else 0.0)
    encoder.conv_in.weight[range(3), range(3), 1, 1] = 1
    ranks = [3]
    for level, joined in enumerate(_levels(coder, pictures, channels)):
        block = encoder.down_blocks[level]
        rank = joined.shape[0]
        if channels[level] != channels[max(0, level - 1)]:
            block.resnets[0].conv_shortcut.weight[range(ranks[-1]), range(ranks[-1]), 0, 0] = 1
        block.downsamplers[0].conv.weight[:rank, : ranks[-1], :2, :2] = joined
        ranks.append(rank)
    block.downsamplers[0].conv.bias[:latent] = coder.bias
    _write_head(vae, width // groups, latent // groups, large)
    vae.quant_conv.weight.zero_()
    vae.quant_conv.bias.zero_()
    vae.quant_conv.weight[range(2 * latent), range(2 * latent)] = 1


def _levels(coder: PatchCoder, pictures: torch.Tensor, channels: tuple[int, ...]) -> list[torch.Tensor]:
    """For each level [kept, carried, 2, 2]: how what it carries of 2x2 cells becomes what the next one carries.

    `basis` ([3, side, side, kept]) is what a level's output says of the pixels of its patch. The last one is the coder.
    """
    levels, basis, side = [], torch.eye(3).double().view(3, 1, 1, 3), 1
    while 2 * side < coder.patch:
        joined = _join(basis)
        kept = min(joined.shape[-1], channels[len(levels)])
        mixing, scale = _best_combinations(joined, coder, pictures, kept)
        levels.append((mixing / scale).T.reshape(kept, 2, 2, -1).permute(0, 3, 1, 2).float())
        basis = (joined @ mixing / scale).view(3, 2 * side, 2 * side, kept)
        side *= 2
    joined = _join(basis)
    root = _root(pictures, coder.patch)
    wanted = coder.matrix.double()
    mixing = torch.linalg.lstsq(root.T @ joined, root.T @ wanted).solution
    levels.append(mixing.T.reshape(wanted.shape[1], 2, 2, -1).permute(0, 3, 1, 2).float())
    return levels


def _join(basis: torch.Tensor) -> torch.Tensor:
    """[3, s, s, k] -> [3 * 2s * 2s, 4 * k]: the same numbers of each quarter of a patch twice as wide."""
    _, side, _, count = basis.shape
    joined = torch.zeros(3, 2, side, 2, side, 2, 2, count, dtype=torch.float64)
    for y in range(2):
        for x in range(2):
            joined[:, y, :, x, :, y, x] = basis
    return joined.reshape(3 * 4 * side * side, 4 * count)


def _root(pictures: torch.Tensor, patch: int) -> torch.Tensor:
    """The Cholesky factor of the second moments of patches: errors in its terms are errors on pictures."""
    patches = patches_of(pictures, patch).double()
    size = patches.shape[1]
    return torch.linalg.cholesky(patches.T @ patches / len(patches) + 1e-6 * torch.eye(size).double())


def _best_combinations(joined, coder, pictures, kept: int) -> tuple[torch.Tensor, torch.Tensor]:
    """(mixing [joined, kept], scale [kept]): the combinations of a level's numbers that tell most of what the coder asks of
    every patch of that size inside its own, weighed by how pictures vary."""
    size = math.isqrt(len(joined) // 3)
    whole = coder.matrix.double().view(3, coder.patch, coder.patch, -1)
    starts = range(0, coder.patch, size)
    asked = torch.cat([whole[:, y : y + size, x : x + size].reshape(3 * size * size, -1) for y in starts for x in starts], 1)
    root = _root(pictures, size)
    answers = torch.linalg.lstsq(root.T @ joined, root.T @ asked).solution
    left = torch.linalg.svd(root.T @ joined @ answers, full_matrices=False)[0][:, :kept]
    mixing = torch.linalg.lstsq(root.T @ joined, left).solution
    return mixing, (joined @ mixing).abs().max(0)[0]


def _write_head(vae, group: int, per_group: int, large: float) -> None:
    """The encoder's last block, norm and convolution: each latent value as a +- pair in its group, log-variance -12."""
    encoder, latent = vae.encoder, vae.config.latent_channels
    shortcut, padding = encoder.down_blocks[-1].resnets[0].conv_shortcut, group - 2 * per_group
    encoder.conv_norm_out.weight.zero_()
    gain = (padding * large * large / group) ** 0.5  # the deviation that the constant channels give the group
    for k in range(latent):
        g, i = divmod(k, per_group)
        for offset, sign in ((i, 1), (per_group + i, -1)):
            channel = g * group + offset
            shortcut.weight[channel, k] = sign
            encoder.conv_norm_out.weight[channel] = gain
            encoder.conv_out.weight[k, channel, 1, 1] = sign
    for channel in range(vae.config.block_out_channels[-1]):
        position = channel % group - 2 * per_group
        if position >= 0:
            shortcut.bias[channel] = large if position % 2 else -large
    encoder.conv_out.bias[latent:] = -12.0

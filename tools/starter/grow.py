"""Starts a model of twice the size from one of half of it: the same latent cells, each with more channels and more pixels.

The first latent channels of the grown coder are the small model's (patches.grow_patches), so nothing the U-Net knows is
lost: it gets inputs and outputs for the new channels, all zero. The decoder gets a level at the end that doubles the picture.
"""

import torch

from configs import UNET, VAE


def is_half_as_large(config: dict, wanted: dict) -> bool:
    """Whether a U-Net's config differs from the one wanted in nothing but its latent channels."""
    same = ('block_out_channels', 'layers_per_block', 'cross_attention_dim', 'norm_num_groups', 'sample_size')
    return config['in_channels'] < wanted['in_channels'] and all(list_of(config[k]) == list_of(wanted[k]) for k in same)


def list_of(value) -> list:
    return list(value) if isinstance(value, (list, tuple)) else [value]


@torch.no_grad()
def copy_into(parameter: torch.Tensor, source: torch.Tensor) -> None:
    """Puts a tensor into the first indices of each dimension of a larger one, the rest 0."""
    parameter.zero_()
    parameter[tuple(slice(0, side) for side in source.shape)] = source


def grow_unet(small):
    """A UNet2DConditionModel as configs.UNET says, which does to the first latent channels what `small` does."""
    from diffusers import UNet2DConditionModel

    large = UNet2DConditionModel(**UNET)
    sources = small.state_dict()
    for name, parameter in large.state_dict().items():
        copy_into(parameter, sources[name])
    return large


def grow_decoder(small):
    """An AutoencoderKL as configs.VAE says, whose decoder paints what `small` does, doubled; its encoder is not written yet."""
    from diffusers import AutoencoderKL

    large = AutoencoderKL(**VAE)
    sources = {name: tensor for name, tensor in small.state_dict().items() if not name.startswith(('encoder', 'quant'))}
    target = large.state_dict()
    for name, source in sources.items():
        copy_into(target[name], source)
    last = len(VAE['block_out_channels']) - 1
    write_doubling(large.decoder.up_blocks[last - 1], large.decoder.up_blocks[last])
    return large


@torch.no_grad()
def write_doubling(before, block) -> None:
    """Makes an up block, and the upsampling before it, repeat each cell 2x2 and change nothing else."""
    convolution = before.upsamplers[0].conv
    channels = range(convolution.weight.shape[0])
    convolution.weight.zero_()
    convolution.weight[channels, channels, 1, 1] = 1
    convolution.bias.zero_()
    for resnet in block.resnets:
        resnet.conv2.weight.zero_()
        resnet.conv2.bias.zero_()

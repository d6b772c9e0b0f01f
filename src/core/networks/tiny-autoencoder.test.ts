import { describe, expect, it } from 'vitest';
import { TAESD } from '../families/configs';
import { readTinyAutoencoderConfig } from './tiny-autoencoder-config';

describe('readTinyAutoencoderConfig', () => {
  it.each([
    [{ act_fn: 'gelu' }, /"act_fn"/],
    [{ scaling_factor: 0.5 }, /"scaling_factor"/],
    [{ upsampling_scaling_factor: 4 }, /"upsampling_scaling_factor"/],
    [{ decoder_block_out_channels: [256, 128, 64, 64] }, /same/],
    [{ num_encoder_blocks: [1, 3] }, /4 entries/],
  ])('refuses %j', (change, message) => {
    expect(() => readTinyAutoencoderConfig('config.json', { ...TAESD, ...change })).toThrow(message);
  });
});

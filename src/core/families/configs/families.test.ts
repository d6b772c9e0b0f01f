import { describe, expect, it } from 'vitest';
import { readNoiseScheduleConfig } from '../../schedules';
import { readAutoencoderConfig } from '../../networks';
import { readClipTextConfig } from '../../networks';
import { readUnetConfig } from '../../networks';
import { FAMILY_CONFIGS, type FamilyConfigs } from '.';

describe.each(Object.entries<FamilyConfigs>(FAMILY_CONFIGS))('FAMILY_CONFIGS %s', (_name, configs) => {
  it('is what the readers take', () => {
    const encoders = [configs.text_encoder, configs.text_encoder_2].filter((json) => json !== undefined);
    const width = encoders.reduce((sum, json) => sum + readClipTextConfig('config.json', json).width, 0);
    expect(readUnetConfig('config.json', configs.unet).contextWidth).toBe(width);
    expect(readAutoencoderConfig('config.json', configs.vae).latentChannels).toBe(4);
    expect(readNoiseScheduleConfig(configs.scheduler).numTrainTimesteps).toBe(1000);
  });
});

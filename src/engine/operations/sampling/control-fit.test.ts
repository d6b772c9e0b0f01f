import { describe, expect, it } from 'vitest';
import { openControl } from '../../../core/checkpoints/open-control';
import { readFixture, virtualSafetensors, type Shapes } from '../../../core/checkpoints/testing/layouts';
import { FAMILY_CONFIGS } from '../../../core/families/configs';
import { openNetwork } from '../../../core/networks';
import type { Control } from '../../models/control';
import type { Model } from '../../models/model';
import { assertFits } from './control-fit';

/** tools/fixtures/make_control_shapes.py */
const published = readFixture<Record<string, { shapes: Shapes }>>('control-shapes.json.gz');

async function adapterOf(id: string): Promise<Control> {
  const { components, config, family } = await openControl([virtualSafetensors(id, published[id].shapes)]);
  const { features } = openNetwork(components[0], { file: id, config }).sizes;
  return { entry: { name: id }, features, family } as unknown as Control;
}

function modelOf(family: 'sd15' | 'sdxl'): Model {
  const { sizes } = openNetwork('unet', { file: family, config: FAMILY_CONFIGS[family].unet });
  const traits = { latentFactor: 8 };
  return { entry: { name: `My ${family}` }, traits, encoderSizes: sizes.denoiser?.encoder } as unknown as Model;
}

describe('a published T2I-Adapter', () => {
  it.each([
    ['t2i', 'sd15'],
    ['t2i-grey', 'sd15'],
    ['t2i-light', 'sd15'],
    ['t2i-xl', 'sdxl'],
  ] as const)('is for its family: %s, %s', async (id, family) => {
    const adapter = await adapterOf(id);
    expect(() => assertFits(adapter, modelOf(family))).not.toThrow();
  });

  // Their channels are the same: 320, 640, 1280, 1280.
  it.each([
    ['t2i', 'sdxl', 't2i is a T2I-Adapter for SD 1.5; My sdxl is SDXL. Choose a T2I-Adapter for SDXL.'],
    ['t2i-xl', 'sd15', 't2i-xl is a T2I-Adapter for SDXL; My sd15 is SD 1.5. Choose a T2I-Adapter for SD 1.5.'],
  ] as const)('is refused by the other family, before the model is changed: %s, %s', async (id, family, sentence) => {
    const adapter = await adapterOf(id);
    expect(() => assertFits(adapter, modelOf(family))).toThrow(sentence);
  });
});

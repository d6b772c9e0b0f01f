/** Descriptions of published ONNX exports: names and types as read from the apps that run them. */
import { describe, expect, it } from 'vitest';
import { Fields } from './fields';
import published from './fixtures/published-exports.json';

import { parseOnnxExport } from './parse-onnx-export';

const parse = (value: unknown) => parseOnnxExport(new Fields(value, 'models-manifest.json', 'export'));

describe('parseOnnxExport', () => {
  it.each(Object.entries(published))('reads the description of %s as it is', (_repo, description) => {
    expect(parse(description)).toEqual(description);
  });

  const whole = published['webnn/sdxl-turbo'];
  const withoutSecond = { ...whole.components, text_encoder_2: undefined };
  const { unet } = whole.components;
  it.each([
    ['family', { ...whole, family: 'flux' }, /export\.family must be one of/],
    ['a component', { ...whole, components: withoutSecond }, /export\.components\.text_encoder_2 must be an object/],
    [
      'an input',
      { ...whole, components: { ...whole.components, unet: { ...unet, inputs: { sample: unet.inputs.sample } } } },
      /unet\.inputs\.timestep must be an object/,
    ],
    [
      'a type',
      {
        ...whole,
        components: {
          ...whole.components,
          unet: { ...unet, inputs: { ...unet.inputs, timestep: { name: 't', type: 'float64' } } },
        },
      },
      /timestep\.type must be one of "float32", "float16", "int32", "int64"/,
    ],
    ['size', { ...whole, size: { width: 512 } }, /size\.height must be a whole number/],
  ])('names what is wrong with %s', (_what, value, message) => {
    expect(() => parse(value)).toThrow(message);
  });

  it('finds components by their names, and none for those that exports do not have', () => {
    const description = parse(whole);
    expect(description.components.unet?.graph).toBe('onnx/unet_model_q4f16.onnx');
    expect(description.components.vae_encoder).toBeUndefined();
  });
});

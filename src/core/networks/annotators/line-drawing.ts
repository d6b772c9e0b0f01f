/**
 * The generator of "informative drawings": black lines on white, realistic or coarse by its file.
 *
 * @see Chan, Durand and Isola 2022, arXiv:2203.12691; ControlNet-v1-1-nightly annotator/lineart
 */
import {
  addTo,
  doublingConv,
  GraphBuilder,
  imageSize,
  instanceNorm,
  multiply,
  reflectPad,
  relu,
  sigmoid,
  tensor,
  toNchw,
} from '../../graph';
import type { Value } from '../../graph';
import type { Annotator } from './annotator';
import { countOf, imageInput, namedConv, outChannels } from './layers';

export interface LineDrawingConfig {
  /** Channels of the first convolution; twice and four times as many further down. */
  features: number;
  residuals: number;
}

const [FIRST_SIDE, FIRST_PAD] = [7, 3];

const inUnits = (g: GraphBuilder, x: Value): Value => multiply(g, x, g.floats(Float32Array.of(1 / 255), [1]));
const normal = (g: GraphBuilder, x: Value): Value => relu(g, instanceNorm(g, x));

export const lineDrawing: Annotator<LineDrawingConfig> = {
  name: 'informative drawings',
  files: ['sk_model.pth', 'sk_model2.pth'],
  licence: 'MIT (Caroline Chan)',
  signs: ['model0.1.weight', 'model2.0.conv_block.1.weight', 'model4.1.weight'],
  multiple: 4,
  outputs: ['lines'],
  config: (tensors) => ({
    features: outChannels(tensors, 'model0.1.weight'),
    residuals: countOf(tensors, (i) => `model2.${i}.conv_block.1.weight`),
  }),
  build({ features, residuals }, form) {
    const g = new GraphBuilder('line_drawing', form);
    let x = reflectPad(g, inUnits(g, imageInput(g, lineDrawing.multiple)), FIRST_PAD);
    x = normal(g, namedConv(g, x, 'model0.1', features, { side: FIRST_SIDE, pad: 0 }));
    x = normal(g, namedConv(g, x, 'model1.0', 2 * features, { stride: 2 }));
    x = normal(g, namedConv(g, x, 'model1.3', 4 * features, { stride: 2 }));
    for (let i = 0; i < residuals; i++) x = residual(g, x, `model2.${i}.conv_block`);
    x = normal(g, doubled(g, x, 'model3.0', 2 * features));
    x = normal(g, doubled(g, x, 'model3.3', features));
    x = namedConv(g, reflectPad(g, x, FIRST_PAD), 'model4.1', 1, { side: FIRST_SIDE, pad: 0 });
    g.output('lines', toNchw(g, sigmoid(g, x)));
    return g.build();
  },
};

function residual(g: GraphBuilder, x: Value, name: string): Value {
  const { channels } = imageSize(g, x);
  const inner = normal(g, namedConv(g, reflectPad(g, x, 1), `${name}.1`, channels, { pad: 0 }));
  return addTo(g, x, instanceNorm(g, namedConv(g, reflectPad(g, inner, 1), `${name}.5`, channels, { pad: 0 })));
}

function doubled(g: GraphBuilder, x: Value, name: string, out: number): Value {
  const kernel = tensor(`${name}.weight`, imageSize(g, x).channels, out, 3, 3);
  return doublingConv(g, x, kernel, tensor(`${name}.bias`, out), { pad: 1, outputPad: 1 });
}

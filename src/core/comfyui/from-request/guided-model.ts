/** What a request changes of how its model is guided and shown its picture, as nodes on it. */
import type { CompleteRequest } from '../../recipe/request';
import { nodeOfDynthres, type DynthresSettings } from '../dynthres-node';
import { nodeOfShrink, type ShrinkSettings } from '../shrink-node';
import { nodeOfTiled, type TiledSettings } from '../tiled-node';
import type { ApiLink, Json } from '../workflows';
import type { PromptMaker } from './prompt-maker';

type Guiding = Pick<
  CompleteRequest,
  | ('freeu' | 'freeuB1' | 'freeuB2' | 'freeuS1' | 'freeuS2' | 'cfgRescale' | 'pagScale' | 'sagScale' | 'sagBlur')
  | ('mahiro' | 'epsScaling')
> &
  DynthresSettings &
  ShrinkSettings &
  TiledSettings;

export function guidedModel(graph: PromptMaker, plain: ApiLink, request: Guiding): ApiLink {
  const {
    freeu,
    freeuB1: b1,
    freeuB2: b2,
    freeuS1: s1,
    freeuS2: s2,
    cfgRescale,
    pagScale,
    sagScale,
    sagBlur,
    mahiro,
    epsScaling,
  } = request;
  let model = plain;
  const put = (type: string, values: Record<string, Json>): void => {
    model = [graph.add(type, { model, ...values }), 0];
  };
  if (freeu !== 'none') put(freeu === 'v1' ? 'FreeU' : 'FreeU_V2', { b1, b2, s1, s2 });
  const shrink = nodeOfShrink(request);
  if (shrink) put('PatchModelAddDownscale', shrink);
  const dynthres = nodeOfDynthres(request);
  if (dynthres) put('DynamicThresholdingFull', dynthres);
  else if (cfgRescale !== 0) put('RescaleCFG', { multiplier: cfgRescale });
  if (pagScale !== 0) put('PerturbedAttentionGuidance', { scale: pagScale });
  if (sagScale !== 0) put('SelfAttentionGuidance', { scale: sagScale, blur_sigma: sagBlur });
  if (mahiro) put('Mahiro', {});
  if (epsScaling !== 1) put('Epsilon Scaling', { scaling_factor: epsScaling });
  const tiled = nodeOfTiled(request);
  if (tiled) put('TiledDiffusion', tiled);
  return model;
}

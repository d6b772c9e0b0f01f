/** Why a class does not run here, where more can be said than that nothing computes it. */
import type { NodeTable } from './spec';

const UNCLIP =
  'unCLIP is a kind of checkpoint of its own, which is shown a picture in place of a text; none of the models that run here is of it. ControlNets and IP-Adapters under Control show pictures to the others.';
const OTHER_FAMILY = 'it belongs to models of other families (Flux, SD 3, AuraFlow), which do not run here.';
const INSIDE =
  'it changes what is inside of the denoiser, which is built as it is; bypass it to run the graph without.';
const SAVER =
  'files of weights are not written here: what is merged or changed by LoRAs is painted with, and the graph that says how is kept with the picture.';

const WHY: Readonly<Record<string, string>> = {
  unCLIPCheckpointLoader: UNCLIP,
  unCLIPConditioning: UNCLIP,
  CLIPVisionEncode: UNCLIP,
  TripleCLIPLoader: OTHER_FAMILY,
  CLIPTextEncodeFlux: OTHER_FAMILY,
  FluxGuidance: OTHER_FAMILY,
  EmptySD3LatentImage: OTHER_FAMILY,
  ModelSamplingSD3: OTHER_FAMILY,
  ModelSamplingAuraFlow: OTHER_FAMILY,
  ModelSamplingFlux: OTHER_FAMILY,
  ControlNetApplySD3: OTHER_FAMILY,
  GLIGENLoader: 'GLIGEN’s boxes do not run here; ConditioningSetArea says what stands where.',
  HypernetworkLoader: 'hypernetworks do not run here.',
  HyperTile: INSIDE,
  TomePatchModel: INSIDE,
  CheckpointSave: SAVER,
  ModelSave: SAVER,
  CLIPSave: SAVER,
  VAESave: SAVER,
};

/** The table with reasons on the classes that do not run. */
export const withReasons = (nodes: NodeTable): NodeTable =>
  Object.fromEntries(
    Object.entries(nodes).map(([type, spec]) => {
      const whyNot = Object.hasOwn(WHY, type) && spec.operation === undefined ? WHY[type] : undefined;
      return [type, whyNot === undefined ? spec : { ...spec, whyNot }];
    }),
  );

/** A request becomes the workflow that makes its picture. */
import type { Size } from '../image/raster';
import { paintsNothing } from '../recipe/has-effect';
import { missingCheckpoint } from '../recipe/checkpoint';
import { asksForOther, hasHires, isSecondAlone, secondPass } from '../recipe/hires';
import { hiresUpscalerOf } from '../recipe/hires-upscalers';
import { partNames } from '../recipe/own-vae';
import { redraws, redrawnSize } from '../recipe/redraw';
import { withDefaults, type CompleteRequest, type GenerationRequest } from '../recipe/request';
import { adapterNodes, type NamedAdapter } from './adapter-nodes';
import { controlNodes, recolorNodes } from './control-nodes';
import { node, wire } from './make-node';
import { guides, lastModel, modelNodes, promptCalls, promptNodes, type Parts } from './pass-nodes';
import { refinedNodes } from './refined-nodes';
import { enlargedNode, redrawNodes } from './redraw-nodes';
import { WORKFLOW_VERSION, type Wire, type Workflow, type WorkflowNode } from './workflow';

const FITTED = wire('fit', 'image');
const PICTURE = wire('picture', 'image');
/** As large as the picture, and as what is painted. */
const SOFT_MASK = wire('soften', 'mask');
const FITTED_MASK = wire('fit', 'mask');

/** What the second pass starts from. */
const LARGER = 'enlarge';

/**
 * @param request  sound: see recipe/problems.ts
 * @param parts  files that it may name in place of the model's own parts; one that is not among them is said to be missing
 * @throws AppError 'missing-file' where it names a checkpoint for a second pass that is not among them
 * @param adapters  LoRAs that tags of the prompt may name; a tag that names another stays in the prompt, and is left out of it there
 */
export function workflowOf(
  request: GenerationRequest,
  adapters: readonly NamedAdapter[] = [],
  parts: Parts = {},
): Workflow {
  const loaded = modelNodes(request, parts);
  const base = wire(loaded[loaded.length - 1].id, 'model');
  const { prompt, nodes: added } = adapterNodes(request, { adapters, model: base });
  const asked = { ...withDefaults(request), prompt };
  const complete: CompleteRequest =
    asked.resizeMode === 'latent_upscale' ? { ...asked, resizeMode: 'just_resize' } : asked;
  const model = lastModel(added, base);
  const picture = pictureNodes(complete);
  if (paintsNothing(complete)) return untouched(complete, parts.picture);
  const calls = promptCalls(complete);
  const prompts = promptNodes(complete, { model, calls });
  if (redraws(complete)) {
    const given = { model, guides: guides(prompts), picture: PICTURE, size: parts.picture };
    const tiles = redrawNodes(complete, given);
    const nodes = [...loaded, ...added, picture[0], ...prompts, ...tiles];
    return {
      version: WORKFLOW_VERSION,
      nodes: [...nodes, ...lastNodes(complete, wire(tiles[tiles.length - 1].id, 'image'))],
    };
  }
  const isAlone = isSecondAlone(complete);
  const start = isAlone ? [] : startNodes(asked, model, picture);
  const other = otherModel(complete, parts);
  const again = secondModel(complete, {
    adapters,
    first: model,
    model: base,
    other,
    parts: { ...parts, said: request.prompt },
  });
  const isOther = other && { hasOtherLatents: other.hasOtherLatents };
  const { width, height } = complete;
  const { nodes: controls, control } = controlNodes(complete, {
    ids: '',
    isSecond: false,
    width,
    height,
    model,
    ...around(complete),
  });
  const shelf = { adapters, parts };
  const sampled = (from: string): WorkflowNode[] => {
    const latent = wire(from, 'latent');
    const inputs = { model, ...guides(prompts), latent, ...seen(complete), ...(control && { control }) };
    const sample = node('sample', 'sample', complete, inputs);
    return refinedNodes(
      { which: 'first', request: complete, model: request.model, sample, said: request.prompt },
      shelf,
    );
  };
  const first = isAlone ? [] : sampled(start[start.length - 1].id);
  const painter = painterOf(first, model);
  const models = { first: model, painter, second: again.model, ...(isOther && { isOther }) };
  const said = complete.hiresPrompt === '' ? request.prompt : complete.hiresPrompt;
  const refined = (node: WorkflowNode, asked: CompleteRequest): WorkflowNode[] =>
    refinedNodes(
      {
        which: 'second',
        request: asked,
        model: other?.model ?? request.model,
        sample: node,
        said,
        firstPassCalls: calls,
      },
      shelf,
    );
  const second = hasHires(complete) ? secondNodes(again.request, models, { firstPassCalls: calls, refined }) : [];
  const last = second.at(-1)?.id ?? 'sample';
  const recolored = recoloredNodes(complete, [...(isAlone ? [] : controls), ...second], model);
  const painted = wire(recolored.at(-1)?.id ?? 'decode', 'image');
  const developer = second.length === 0 ? painter : painterOf(second, other ? again.model : model);
  return {
    version: WORKFLOW_VERSION,
    nodes: [
      ...(isAlone && other ? [] : [...loaded, ...added]),
      ...picture,
      ...start,
      ...(isAlone ? [] : [...prompts, ...controls]),
      ...first,
      ...(second.length > 0 ? again.nodes : []),
      ...second,
      node('decode', 'decode_latent', {}, { model: developer, latent: wire(last, 'latent') }),
      ...recolored,
      ...pasteNodes(complete, painted),
      ...lastNodes(complete, isMasked(complete) ? wire('paste', 'image') : painted),
    ],
  };
}

/** The painted picture, recolored by units that do so. */
function recoloredNodes(request: CompleteRequest, made: readonly WorkflowNode[], model: Wire): WorkflowNode[] {
  const isSecond = hasHires(request);
  const size = isSecond ? secondSize(request) : { width: request.width, height: request.height };
  const pass = { ids: isSecond ? ' again' : '', isSecond, ...size, model, ...around(request) };
  return recolorNodes(request, { ...pass, made, image: wire('decode', 'image') });
}

/** The model that answered last, where the pass has two. */
const painterOf = (pass: readonly WorkflowNode[], model: Wire): Wire => {
  const last = pass.at(-1);
  return last?.inputs['begun'] ? wire(last.id, 'painter') : model;
};

/** The latent that is painted over, or an empty one. Of a whole picture it may be enlarged itself, as A1111's last resize mode does. */
function startNodes(request: CompleteRequest, model: Wire, picture: readonly WorkflowNode[]): WorkflowNode[] {
  const last = picture.at(-1);
  if (!last) return [node('empty', 'empty_latent', request, { model })];
  const encode = (image: Wire): WorkflowNode => node('encode', 'encode_image', {}, { model, image });
  if (request.resizeMode !== 'latent_upscale' || isMasked(request)) return [encode(wire(last.id, 'image'))];
  const { width, height } = request;
  const larger = node('resize', 'resize_latent', { width, height }, { model, latent: wire('encode', 'latent') });
  return [encode(PICTURE), larger];
}

/** What becomes of the finished picture. */
function lastNodes({ enlarger }: CompleteRequest, image: Wire): WorkflowNode[] {
  if (enlarger === 'none') return [node('keep', 'keep', {}, { image })];
  return [
    node('enlarge the picture', 'upscale_image', { upscaler: enlarger }, { image }),
    node('keep', 'keep', {}, { image: wire('enlarge the picture', 'image') }),
  ];
}

const secondSize = ({ width, height, hiresScale }: CompleteRequest) => ({
  width: Math.trunc(width * hiresScale),
  height: Math.trunc(height * hiresScale),
});

/** Hints are cut as the picture is, where only what is masked of that is painted. */
const around = (request: CompleteRequest): { mask?: Wire } =>
  isMasked(request) && request.inpaintArea === 'masked' ? { mask: SOFT_MASK } : {};

/** Whose second pass it is. */
interface Models {
  first: Wire;
  /** That answered last in the first pass. */
  painter: Wire;
  second: Wire;
  /** Another checkpoint paints it. */
  isOther?: { hasOtherLatents: boolean };
}

/** The latent of the first pass in the second's size: itself enlarged, or its picture. */
function enlargedNodes(request: CompleteRequest, { first, painter: model, second, isOther }: Models): WorkflowNode[] {
  const upscaler = hiresUpscalerOf(request.hiresUpscaler);
  const latent = wire('sample', 'latent');
  const size = secondSize(request);
  const reader = isOther ? second : first;
  const isAlone = isSecondAlone(request);
  if (!('network' in upscaler)) {
    const { mode, antialias } = upscaler;
    const resized = (from: Wire, by: Wire): WorkflowNode =>
      node(LARGER, 'resize_latent', { ...size, mode, antialias }, { model: by, latent: from });
    if (isAlone)
      return [
        node('first, read', 'encode_image', {}, { model: reader, image: FITTED }),
        resized(wire('first, read', 'latent'), reader),
      ];
    if (isOther?.hasOtherLatents !== true) return [resized(latent, model)];
    return [
      node('first', 'decode_latent', {}, { model, latent }),
      node('first, read again', 'encode_image', {}, { model: second, image: wire('first', 'image') }),
      resized(wire('first, read again', 'latent'), second),
    ];
  }
  return [
    ...(isAlone ? [] : [node('first', 'decode_latent', {}, { model, latent })]),
    node(
      'first, larger',
      'upscale_image',
      { upscaler: upscaler.network },
      { image: isAlone ? FITTED : wire('first', 'image') },
    ),
    node(
      'first, fitted',
      'fit_image',
      { ...size, resizeMode: 'just_resize' },
      { image: wire('first, larger', 'image') },
    ),
    node(LARGER, 'encode_image', {}, { model: reader, image: wire('first, fitted', 'image') }),
  ];
}

/**
 * The checkpoint that a request asks for its second pass; undefined where that is the first's, or nothing is painted by it.
 * @throws AppError 'missing-file'
 */
function otherModel(request: CompleteRequest, { second }: Parts): Parts['second'] {
  if (!asksForOther(request)) return undefined;
  if (!second) throw missingCheckpoint(request.hiresCheckpoint);
  return second.model === request.model ? undefined : second;
}

/** The second pass's prompt decides which LoRAs it is painted with: where it has one of its own, only those that this one names. */
function secondModel(
  request: CompleteRequest,
  { adapters, first, other, parts, ...own }: SecondModel,
): { request: CompleteRequest; model: Wire; nodes: WorkflowNode[] } {
  const { hiresPrompt, dialect } = request;
  if (hiresPrompt === '' && !other) return { request, model: first, nodes: [] };
  const loaded = other ? otherNodes(request, other, parts) : [];
  const model = lastModel(loaded, own.model);
  const said = hiresPrompt === '' ? parts.said : hiresPrompt;
  const { prompt, nodes: added } = adapterNodes({ prompt: said, dialect }, { adapters, model, ids: ' again' });
  const nodes = other?.isOtherFamily === true && hiresPrompt === '' ? [] : added;
  // A prompt of nothing but tags stays the second pass's own: an empty one would mean the first pass's.
  const words = prompt === '' ? ' ' : prompt;
  const asked = hiresPrompt === '' ? request : { ...request, hiresPrompt: words };
  return { request: asked, model: lastModel(nodes, model), nodes: [...loaded, ...nodes] };
}

interface SecondModel {
  adapters: readonly NamedAdapter[];
  first: Wire;
  model: Wire;
  other: Parts['second'];
  /** With the first pass's prompt as it was said. */
  parts: Parts & { said: string };
}

/** Other parts are for the latents and the texts of the first; a model with others has its own. */
function otherNodes(
  request: CompleteRequest,
  { model, hasOtherLatents }: NonNullable<Parts['second']>,
  parts: Parts,
): WorkflowNode[] {
  return modelNodes({ model, tiling: request.tiling, ...(!hasOtherLatents && partNames(request)) }, parts, ' again');
}

/** Hires. fix: the latent enlarged and painted over. @see A1111 modules/processing.py, sample_hr_pass */
function secondNodes(
  request: CompleteRequest,
  models: Models,
  {
    firstPassCalls,
    refined,
  }: { firstPassCalls: number; refined(sample: WorkflowNode, request: CompleteRequest): WorkflowNode[] },
): WorkflowNode[] {
  const { denoisingStrength } = request;
  const model = models.second;
  const second: CompleteRequest = {
    ...{ ...request, ...secondPass(request) },
    ...{ noiseMultiplier: 1, maskedContent: 'original' },
  };
  const enlarged = enlargedNodes(request, models);
  if (denoisingStrength === 0) return enlarged;
  const prompts = promptNodes(second, { model, calls: promptCalls(second), firstPassCalls, ids: ' again' });
  const size = secondSize(request);
  const pass = { ids: ' again', isSecond: true, ...size, model, ...around(request) };
  const { nodes: controls, control } = controlNodes(second, pass);
  const inputs = {
    model,
    ...guides(prompts),
    latent: wire(LARGER, 'latent'),
    ...seen(request),
    ...(control && { control }),
  };
  return [
    ...enlarged,
    ...prompts,
    ...controls,
    ...refined(node('sample again', 'sample', { ...second, takesAllSteps: true }, inputs), second),
  ];
}

/** The picture it starts from, at the size that is painted; none where it starts from noise. */
function pictureNodes(request: CompleteRequest): WorkflowNode[] {
  const { initImage, initMask, maskedContent } = request;
  if (initImage === undefined) return [];
  const picture = node('picture', 'load_image', { image: initImage });
  if (initMask === undefined) return [picture, node('fit', 'fit_image', request, { image: PICTURE })];
  return [
    picture,
    node('mask', 'load_mask', { image: initMask }),
    node('soften', 'soften_mask', request, { mask: wire('mask', 'mask'), image: PICTURE }),
    node('fit', 'fit_masked', request, { image: PICTURE, mask: SOFT_MASK }),
    // A1111 fills before it makes noise or nothing of it too.
    ...(maskedContent === 'original' ? [] : [node('fill', 'fill_masked', {}, { image: FITTED, mask: FITTED_MASK })]),
  ];
}

const isMasked = ({ initImage, initMask }: CompleteRequest): boolean =>
  initImage !== undefined && initMask !== undefined;

/** What a sampler is told of the picture it starts from. */
function seen(request: CompleteRequest): Record<string, Wire> {
  if (request.initImage === undefined) return {};
  if (!isMasked(request)) return { picture: FITTED };
  return {
    picture: request.maskedContent === 'original' ? FITTED : wire('fill', 'image'),
    mask: FITTED_MASK,
  };
}

function pasteNodes(request: CompleteRequest, image: Wire): WorkflowNode[] {
  if (!isMasked(request)) return [];
  return [
    node('paste', 'paste_back', request, {
      ...{ image, original: PICTURE, mask: SOFT_MASK },
      ...(request.maskMode === 'soft' && { kept: wire('sample', 'kept'), latent: wire('sample', 'latent') }),
    }),
  ];
}

/** Nothing of the picture is painted anew: it is made to fit, or stays as large as it is. */
function untouched(request: CompleteRequest, size?: Size): Workflow {
  if (redraws(request)) {
    const larger = enlargedNode(request, { target: redrawnSize(request, size ?? request), picture: PICTURE });
    const [picture] = pictureNodes({ ...request, initMask: undefined });
    return { version: WORKFLOW_VERSION, nodes: [picture, larger, ...lastNodes(request, wire(larger.id, 'image'))] };
  }
  const keepsSize = isMasked(request) && request.inpaintArea === 'masked';
  const [picture, ...nodes] = pictureNodes({ ...request, initMask: undefined });
  return {
    version: WORKFLOW_VERSION,
    nodes: [picture, ...(keepsSize ? [] : nodes), ...lastNodes(request, keepsSize ? PICTURE : FITTED)],
  };
}

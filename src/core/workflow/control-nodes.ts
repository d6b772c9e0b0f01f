/** Units of a request become operations: each loads its picture, fits it to a pass, and joins the units before it. */
import { withControlDefaults, type ControlSettings, type ControlUnit } from '../recipe/control/unit';
import type { Size } from '../image/raster';
import type { CompleteRequest } from '../recipe/request';
import { hintSeed } from '../hints/hint-seed';
import { hintValues } from '../hints/make-hint';
import { findPreprocessor, needsMask, preprocessor, readsPicture, type PreprocessorId } from '../hints/preprocessors';
import { node, wire } from './make-node';
import type { Wire, WorkflowNode } from './workflow';

/** Lines of these double where a map is resized smoothly: in a larger pass they count for less. @see Mikubill/sd-webui-controlnet#736 */
const THIN_LINES = /canny|mlsd/;

interface Pass {
  /** What its nodes' ids end in. */
  ids: string;
  isSecond: boolean;
  /** Width and height of what is painted, in pixels. */
  width: number;
  height: number;
  /** As large as the picture that it starts from: only what is masked of that may be painted. */
  mask?: Wire;
  /** What is painted over now, at this size: the hint of units that have no picture of their own. */
  picture?: Wire;
  /** That paints the pass: it reads the pictures whose colours are kept. */
  model: Wire;
}

/** @returns what a sampler is told of them; nothing where there are none */
export function controlNodes(request: CompleteRequest, pass: Pass): { nodes: WorkflowNode[]; control?: Wire } {
  const nodes: WorkflowNode[] = [];
  let control: Wire | undefined;
  for (const [i, unit] of (request.control ?? []).entries()) {
    const settings = withControlDefaults(unit);
    if (!actsIn(settings, pass)) continue;
    const name = `${i}${pass.ids}`;
    const made = unitNodes(settings, request, { ...pass, name, before: control });
    nodes.push(...made);
    control = wire(made[made.length - 1].id, 'control');
    const further = moreNodes(settings, request, { ...pass, name, before: control });
    nodes.push(...further);
    if (further.length > 0) control = wire(further[further.length - 1].id, 'control');
  }
  return { nodes, ...(control && { control }) };
}

const actsIn = ({ weight, hires }: ControlSettings, { isSecond }: Pass): boolean =>
  weight !== 0 && (hires === 'both' || hires === (isSecond ? 'high' : 'low'));

function unitNodes(
  unit: ControlUnit & ControlSettings,
  request: CompleteRequest,
  { name, before, width, height, isSecond, ...pass }: Pass & { name: string; before: Wire | undefined },
): WorkflowNode[] {
  const { model, image = request.initImage, module: said } = unit;
  const module = findPreprocessor(said) ?? said;
  const tile = unit.image === undefined ? pass.picture : undefined;
  const mask = tile ? undefined : pass.mask;
  const picture = tile ? undefined : node(`hint ${name}`, 'load_image', { image });
  const source = tile ?? wire(`hint ${name}`, 'image');
  const hidden = needsMask(module) ? maskFor(unit, request, { image, name }) : undefined;
  const made = [
    ...(hidden?.nodes ?? []),
    ...(module === 'none'
      ? []
      : [hintNode({ ...unit, module }, request, { name, source, width, height, mask: hidden?.mask })]),
  ];
  const hint = made.length > 0 ? wire(made[made.length - 1].id, 'image') : source;
  const isFitted = !readsPicture(module);
  const fitted = node(
    `hint ${name}, fitted`,
    'fit_hint',
    { ...request, width, height, mode: unit.resizeMode, isMasked: hidden !== undefined },
    { image: hint, ...(mask && { mask }) },
  );
  const region = regionNodes(unit, request, { name, width, height, mask: pass.mask });
  const isSoft = isSecond && THIN_LINES.test(module);
  const colours = coloursOf(
    { ...unit, module },
    { name, isSecond, model: pass.model, image: wire(fitted.id, 'image') },
  );
  return [
    ...(picture ? [picture] : []),
    ...made,
    ...(isFitted ? [fitted] : []),
    ...region,
    ...(colours ? [colours.node] : []),
    node(
      `control ${name}`,
      'apply_control',
      { ...unit, module, control: model, isSoft, ...colours?.settings },
      {
        hint: isFitted ? wire(fitted.id, 'image') : hint,
        ...(colours && { colours: wire(colours.node.id, 'latent') }),
        ...(before && { control: before }),
        ...(region.length > 0 && { region: wire(region[region.length - 1].id, 'image') }),
      },
    ),
  ];
}

/** The picture as a latent whose colours are kept, over twice as many cells in a second pass. */
function coloursOf(
  { module, thresholdA, thresholdB }: ControlUnit & ControlSettings,
  { name, isSecond, model, image }: Pick<Pass, 'isSecond' | 'model'> & { name: string; image: Wire },
) {
  const id = findPreprocessor(module);
  if (!id || preprocessor(id).keepsColours !== true) return undefined;
  const { thresholdA: radius, thresholdB: sharpness } = hintValues(id, { thresholdA, thresholdB });
  const settings = { colourRadius: Math.trunc(radius) * (isSecond ? 2 : 1), sharpness };
  return { node: node(`colours ${name}`, 'encode_image', {}, { model, image }), settings };
}

/**
 * A painted picture takes a part of its colours from units' hints, in their order; whatever the steps and passes in which they act.
 * @param made  nodes that there are: hints are made again only where none is of this size
 */
export function recolorNodes(
  request: CompleteRequest,
  { made, image, ...pass }: Pass & { made: readonly WorkflowNode[]; image: Wire },
): WorkflowNode[] {
  const nodes: WorkflowNode[] = [];
  const known = new Set(made.map(({ id }) => id));
  let painted = image;
  for (const [i, unit] of (request.control ?? []).entries()) {
    const settings = withControlDefaults(unit);
    const id = findPreprocessor(settings.module);
    const part = id && preprocessor(id).recolors;
    if (!part || settings.weight === 0) continue;
    const name = `${i}${pass.ids}`;
    const hints = unitNodes({ ...settings, region: undefined }, request, { ...pass, name, before: undefined }).slice(
      0,
      -1,
    );
    nodes.push(...hints.filter((one) => !known.has(one.id)));
    const hint = wire(`hint ${name}, fitted`, 'image');
    nodes.push(node(`recolor ${name}`, 'recolor_image', { part }, { image: painted, hint }));
    painted = wire(`recolor ${name}`, 'image');
  }
  return nodes;
}

/** Further pictures of a unit that reads them: each joins it. */
function moreNodes(
  unit: ControlUnit & ControlSettings,
  request: CompleteRequest,
  { name, before, width, height }: Pass & { name: string; before: Wire },
): WorkflowNode[] {
  const { model, more = [], join, ...rest } = unit;
  const module = findPreprocessor(unit.module) ?? unit.module;
  let control = before;
  return more.flatMap((image, i) => {
    const own = `${name} more ${i}`;
    const size = { name: own, width, height, mask: undefined };
    const picture = node(`hint ${own}`, 'load_image', { image });
    const source = wire(`hint ${own}`, 'image');
    const made = module === 'none' ? [] : [hintNode({ ...unit, module }, request, { ...size, source })];
    const settings = { ...rest, module, control: model, joins: join };
    const inputs = { hint: wire(made.at(-1)?.id ?? picture.id, 'image'), control };
    const joined = node(`control ${own}`, 'apply_control', settings, inputs);
    control = wire(joined.id, 'control');
    return [picture, ...made, joined];
  });
}

/** Drawn over the whole of what is painted: nothing of it is cut off. */
function regionNodes(
  { region: image }: ControlUnit,
  request: CompleteRequest,
  { name, mask, width, height }: Pick<Pass, 'mask' | 'width' | 'height'> & { name: string },
): WorkflowNode[] {
  if (image === undefined) return [];
  const picture = node(`region ${name}`, 'load_image', { image });
  const inputs = { image: wire(picture.id, 'image'), ...(mask && { mask }) };
  return [
    picture,
    node(`region ${name}, fitted`, 'fit_hint', { ...request, width, height, mode: 'just_resize' }, inputs),
  ];
}

/** Its own, as it is; else the mask that the form has for the picture it starts from, made ready for what the unit sees: the same where that is the same picture. */
function maskFor(
  { mask }: ControlUnit,
  { initImage, invertMask, maskBlur }: CompleteRequest,
  { image, name }: { image: string | undefined; name: string },
) {
  if (mask !== undefined) {
    const [loaded, id] = [`hint ${name}, mask`, `hint ${name}, masked`];
    const inputs = { mask: wire(loaded, 'mask'), image: wire(`hint ${name}`, 'image') };
    const sized = node(id, 'soften_mask', { invertMask: false, maskBlur: 0 }, inputs);
    return { nodes: [node(loaded, 'load_mask', { image: mask }), sized], mask: wire(id, 'mask') };
  }
  if (image === initImage) return { nodes: [], mask: wire('soften', 'mask') };
  const id = `hint ${name}, masked`;
  const inputs = { mask: wire('mask', 'mask'), image: wire(`hint ${name}`, 'image') };
  return { nodes: [node(id, 'soften_mask', { invertMask, maskBlur }, inputs)], mask: wire(id, 'mask') };
}

/** Its id names no size: passes of one size share it. */
function hintNode(
  unit: ControlUnit & ControlSettings,
  request: CompleteRequest,
  { name, source, mask, ...size }: Size & { name: string; source: Wire; mask: Wire | undefined },
): WorkflowNode {
  const { module, pixelPerfect, resizeMode: mode } = unit;
  const { usesSeed } = preprocessor(module as PreprocessorId);
  const settings = {
    ...{ module, resolution: unit.resolution, thresholdA: unit.thresholdA, thresholdB: unit.thresholdB },
    ...(pixelPerfect && !readsPicture(module) && { pixelPerfect, ...size, mode }),
    ...(usesSeed && { hintSeed: hintSeed(request.seed) }),
  };
  return node(`hint ${name}, made`, 'make_hint', settings, {
    image: source,
    ...(mask && { mask }),
  });
}

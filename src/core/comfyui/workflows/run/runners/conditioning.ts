/** Texts, and what is put on them. They are read where a sampler asks: see sampling.ts. */
import { wire as wireOf } from '../../../../workflow/make-node';
import type { OperationId, Wire } from '../../../../workflow';
import type { Place, Runners } from '../graph-walk';
import type { ClipValue, ConditioningValue, ControlValue, Placing, Reading, TextItem } from '../values';
import { kindOfComfy } from '../../../../control/union-kinds';

export const CONDITIONING_RUNNERS: Runners = {
  set_last_layer: (at) => {
    const clip = at.take('clip', 'CLIP');
    return [{ ...clip, skip: -at.number('stop_at_clip_layer') }];
  },
  encode_text: (at) => [textOf(at, at.text('text'), at.take('clip', 'CLIP'))],
  encode_two_texts: (at) => [pairOfTexts(at)],
  encode_scored_text: (at) => [scoredText(at)],
  combine_texts: (at) => {
    const [first, second] = ['conditioning_1', 'conditioning_2'].map((name) => at.take(name, 'CONDITIONING').items);
    return [{ type: 'CONDITIONING', items: [...first, ...second] }];
  },
  join_conditionings: (at) => [withFrom(at, 'join_conditionings', {})],
  average_conditionings: (at) => [
    withFrom(at, 'average_conditionings', { strength: at.number('conditioning_to_strength') }),
  ],
  zero_text: (at) => [
    reread(at, (item, reading, part) => {
      const conditioning = item.wire(reading);
      return part.wire('zero_conditioning', 'conditioning', {}, { conditioning }, `${reading.side} zero`);
    }),
  ],
  set_area: (at) => [
    placed(at, {
      ...{ unit: 'pixels', isWithin: false, strength: at.number('strength') },
      ...Object.fromEntries(SIDES.map((side) => [side, at.number(side)])),
    }),
  ],
  set_area_share: (at) => [
    placed(at, {
      ...{ unit: 'shares', isWithin: false, strength: at.number('strength') },
      ...Object.fromEntries(SIDES.map((side) => [side, at.number(side)])),
    }),
  ],
  set_area_strength: (at) => [placed(at, { strength: at.number('strength') })],
  set_text_mask: (at) => {
    const [mask] = at.take('mask', 'MASK').items;
    const isWithin = at.text('set_cond_area') !== 'default';
    return [placed(at, { maskStrength: at.number('strength'), isWithin }, mask.wire)];
  },
  set_range: (at) => [placed(at, { start: at.number('start'), end: at.number('end') })],
  apply_control: (at) => {
    const value = at.take('conditioning', 'CONDITIONING');
    return [underControl(value, controlOf(at, { start: 0, end: 1 }))];
  },
  apply_control_to_both: (at) => {
    const control = controlOf(at, { start: at.number('start_percent'), end: at.number('end_percent') });
    return bothUnder(at, control ? [control] : []);
  },
  set_union_kind: (at) => {
    const control = at.take('control_net', 'CONTROL_NET');
    const said = at.text('type');
    const kind = said === 'auto' ? said : kindOfComfy(said);
    if (kind === undefined) throw at.stop(`the type ${said} does not run here.`);
    return [{ ...control, kind }];
  },
};

const SIDES = ['width', 'height', 'x', 'y'] as const;

/** @param node  whose name it has, where one node has several */
export function textOf(at: Place, text: string, clip: ClipValue, node = at.id): ConditioningValue {
  return { type: 'CONDITIONING', items: [{ node, wire: readText(at, { node, text, clip }), controls: [] }] };
}

interface Text {
  node: string;
  text: string;
  clip: ClipValue;
}

const readText =
  ({ walk }: Place, { node, text, clip }: Text) =>
  ({ side, calls }: Reading): Wire => {
    const own = side === 'negative' ? { isNegative: true } : {};
    const settings = { text, dialect: 'comfyui', clipSkip: clip.skip, calls, ...own };
    return wireOf(walk.add(`${node} ${side}`, 'encode_text', settings, { model: clip.model }), 'conditioning');
  };

/** @see ComfyUI comfy_extras/nodes_clip_sdxl.py CLIPTextEncodeSDXL */
function pairOfTexts(at: Place): ConditioningValue {
  const clip = at.take('clip', 'CLIP');
  const size = (width: string, height: string, x: string, y: string) => ({
    ...{ width: at.number(width), height: at.number(height) },
    ...{ x: at.number(x), y: at.number(y) },
  });
  const { x: targetWidth, y: targetHeight, ...first } = size('width', 'height', 'target_width', 'target_height');
  const settings = { ...first, x: at.number('crop_w'), y: at.number('crop_h'), targetWidth, targetHeight };
  const read = (name: string, text: string) => readText(at, { node: `${at.id} ${name}`, text, clip });
  const [small, large, empty] = [read('small', at.text('text_l')), read('large', at.text('text_g')), read('empty', '')];
  const wire = (reading: Reading): Wire =>
    at.wire(
      'pair_conditionings',
      'conditioning',
      settings,
      { model: clip.model, first: small(reading), second: large(reading), padding: empty(reading) },
      reading.side,
    );
  return { type: 'CONDITIONING', items: [{ node: at.id, wire, controls: [] }] };
}

/** @see ComfyUI comfy_extras/nodes_clip_sdxl.py CLIPTextEncodeSDXLRefiner */
function scoredText(at: Place): ConditioningValue {
  const read = readText(at, { node: `${at.id} text`, text: at.text('text'), clip: at.take('clip', 'CLIP') });
  const settings = { width: at.number('width'), height: at.number('height'), score: at.number('ascore') };
  const wire = (reading: Reading): Wire =>
    at.wire('tell_score', 'conditioning', settings, { conditioning: read(reading) }, reading.side);
  return { type: 'CONDITIONING', items: [{ node: at.id, wire, controls: [] }] };
}

export const changed = (value: ConditioningValue, change: (item: TextItem) => TextItem): ConditioningValue => ({
  ...value,
  items: value.items.map(change),
});

/** Another reading of each text. */
function reread(
  at: Place,
  wire: (item: TextItem, reading: Reading, part: Place) => Wire,
  name = 'conditioning',
): ConditioningValue {
  const value = at.take(name, 'CONDITIONING');
  const items = at.each(value.items, (item, part): TextItem => ({
    ...item,
    wire: (reading) => wire(item, reading, part),
  }));
  return { type: 'CONDITIONING', items };
}

/** Only the first text of `conditioning_from` counts, as in ComfyUI. */
function withFrom(at: Place, operation: OperationId, settings: object): ConditioningValue {
  const [from] = at.take('conditioning_from', 'CONDITIONING').items;
  const combine = (item: TextItem, reading: Reading, part: Place): Wire => {
    const inputs = { to: item.wire(reading), from: from.wire(reading) };
    return part.wire(operation, 'conditioning', settings, inputs, reading.side);
  };
  return reread(at, combine, 'conditioning_to');
}

function placed(at: Place, place: Placing, mask?: Wire): ConditioningValue {
  const value = at.take('conditioning', 'CONDITIONING');
  return changed(value, (item) => ({ ...item, place: { ...item.place, ...place }, ...(mask && { mask }) }));
}

/** Undefined where it counts for nothing. */
export function controlOf(at: Place, range: Pick<ControlValue, 'start' | 'end'>): ControlValue | undefined {
  const weight = at.number('strength');
  if (weight === 0) return undefined;
  const { id: control, kind } = at.take('control_net', 'CONTROL_NET');
  const hints = at.take('image', 'IMAGE').items.map(({ wire }) => wire);
  return { node: at.id, control, hints, weight, ...range, ...(kind !== undefined && { kind }) };
}

export const withControl = (item: TextItem, control: ControlValue): TextItem => ({
  ...item,
  controls: [...item.controls, control],
});

/** It counts for the negative too, whatever that says itself. */
export const underControl = (value: ConditioningValue, control: ControlValue | undefined): ConditioningValue =>
  control ? changed(value, (item) => ({ ...withControl(item, control), controlsBoth: true })) : value;

export const withControls = (value: ConditioningValue, controls: readonly ControlValue[]): ConditioningValue =>
  changed(value, (item) => controls.reduce(withControl, item));

/** Both sides under the same controls. @param sides  names of their inputs */
export const bothUnder = (
  at: Place,
  controls: readonly ControlValue[],
  sides: readonly string[] = ['positive', 'negative'],
): ConditioningValue[] => sides.map((side) => withControls(at.take(side, 'CONDITIONING'), controls));

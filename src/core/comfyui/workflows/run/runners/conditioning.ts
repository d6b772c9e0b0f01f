/** Texts, and what is put on them. They are read where a sampler asks: see sampling.ts. */
import type { Place, Runners } from '../graph-walk';
import type { ConditioningValue, ControlValue } from '../values';

export const CONDITIONING_RUNNERS: Runners = {
  set_last_layer: (at) => {
    const clip = at.take('clip', 'CLIP');
    return [{ ...clip, skip: -at.number('stop_at_clip_layer') }];
  },
  encode_text: (at) => [
    { type: 'CONDITIONING', node: at.id, text: at.text('text'), clip: at.take('clip', 'CLIP'), controls: [] },
  ],
  apply_control: (at) => {
    const value = at.take('conditioning', 'CONDITIONING');
    const control = controlOf(at, { start: 0, end: 1 });
    return [control ? { ...withControl(value, control), controlsBoth: true } : value];
  },
  apply_control_to_both: (at) => {
    const control = controlOf(at, { start: at.number('start_percent'), end: at.number('end_percent') });
    return ['positive', 'negative'].map((side) => {
      const value = at.take(side, 'CONDITIONING');
      return control ? withControl(value, control) : value;
    });
  },
};

/** Undefined where it counts for nothing. */
function controlOf(at: Place, range: Pick<ControlValue, 'start' | 'end'>): ControlValue | undefined {
  const weight = at.number('strength');
  if (weight === 0) return undefined;
  const { id: control } = at.take('control_net', 'CONTROL_NET');
  return { node: at.id, control, hint: at.take('image', 'IMAGE').image, weight, ...range };
}

const withControl = (value: ConditioningValue, control: ControlValue): ConditioningValue => ({
  ...value,
  controls: [...value.controls, control],
});

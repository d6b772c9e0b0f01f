/** ControlNets as packs put them on texts: one by one with a switch, and by the stack. @see nodes/control-packs.ts for whose they are */
import { nodeSpec, STACKED_CONTROLS } from '../../nodes';
import type { Place, Runners } from '../graph-walk';
import type { ControlStackValue, ControlValue } from '../values';
import { bothUnder, changed, controlOf, underControl, withControl } from './conditioning';
import { literal } from './values';

export const CONTROL_STACK_RUNNERS: Runners = {
  load_control_by_name: (at) => {
    const isNamed = (name: string): boolean => name === 'cnet' || name === 'control_net_name';
    const name = Object.keys(nodeSpec(at.node.class_type)?.inputs ?? {}).find(isNamed) ?? '';
    for (const keyframes of ['tk_optional', '_tk_opt', 'timestep_keyframe'])
      if (at.value(keyframes)) throw at.stop('keyframes of steps do not run here.');
    return [{ type: 'CONTROL_NET', id: at.file('controlnet', name) }];
  },
  control_advanced: (at) => {
    const control = advanced(at);
    return [...bothUnder(at, control ? [control] : []), at.value('model_optional')];
  },
  control_one_advanced: (at) => [
    underControl(at.take('conditioning', 'CONDITIONING'), advanced(at)),
    at.value('model_optional'),
  ],
  control_switched: (at) => {
    const value = at.take('conditioning', 'CONDITIONING');
    const control = at.text('switch') === 'On' ? controlOf(at, { start: 0, end: 1 }) : undefined;
    return [control ? changed(value, (item) => withControl(item, control)) : value, ...literal('')];
  },
  stack_control: (at) => {
    const own = controlOf(at, { start: at.number('start_percent'), end: at.number('end_percent') });
    return [stack([...given(at, 'cnet_stack'), ...(own ? [own] : [])])];
  },
  stack_three_controls: (at) => [
    stack([...given(at, 'controlnet_stack'), ...STACKED_CONTROLS.flatMap((i) => stacked(at, i))]),
    ...literal(''),
  ],
  control_by_stack: (at) => bothUnder(at, given(at, 'cnet_stack')),
  control_by_stack_switched: (at) => [
    ...bothUnder(at, at.text('switch') === 'On' ? given(at, 'controlnet_stack') : [], [
      'base_positive',
      'base_negative',
    ]),
    ...literal(''),
  ],
};

const stack = (controls: readonly ControlValue[]): ControlStackValue => ({ type: 'CONTROL_NET_STACK', controls });
export const given = (at: Place, name: string): readonly ControlValue[] =>
  at.maybe(name, 'CONTROL_NET_STACK')?.controls ?? [];

/** One place of CR Multi-ControlNet Stack. */
function stacked(at: Place, i: number): ControlValue[] {
  const image = at.maybe(`image_${i}`, 'IMAGE');
  const weight = at.number(`controlnet_strength_${i}`);
  const isNamed = at.value(`controlnet_${i}`) && !['None', ''].includes(at.text(`controlnet_${i}`));
  if (!image || !isNamed || at.text(`switch_${i}`) !== 'On' || weight === 0) return [];
  return [
    {
      node: `${at.id} ${i}`,
      control: at.file('controlnet', `controlnet_${i}`),
      hints: image.items.map(({ wire }) => wire),
      weight,
      ...{ start: at.number(`start_percent_${i}`), end: at.number(`end_percent_${i}`) },
    },
  ];
}

const FURTHER = ['mask_optional', 'timestep_kf', 'latent_kf_override', 'weights_override'] as const;

/** @throws Stop for what ComfyUI's own node does not have */
function advanced(at: Place): ControlValue | undefined {
  for (const name of FURTHER) if (at.value(name)) throw at.stop(`${name} does not run here.`);
  return controlOf(at, { start: at.number('start_percent'), end: at.number('end_percent') });
}

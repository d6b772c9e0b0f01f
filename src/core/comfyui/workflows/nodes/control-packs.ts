/** Packs' nodes that put ControlNets on texts, and stacks of them: see packs.ts. */
import { ofPack } from './pack-words';
import {
  choice,
  CONDITIONING,
  CONTROL_NET,
  file,
  float,
  IMAGE,
  MASK,
  maybe,
  MODEL,
  outs,
  percent,
  socket,
  strength,
  VAE,
  type InputSpec,
  type NodeSpec,
} from './spec';

const STACK = socket('CONTROL_NET_STACK');
const RANGE = { strength: strength(), start_percent: percent(0), end_percent: percent(1) };
const SIDES = { positive: CONDITIONING, negative: CONDITIONING };

/** What the pack adds to ComfyUI's node. */
const FURTHER = {
  mask_optional: maybe(MASK),
  timestep_kf: maybe(socket('TIMESTEP_KEYFRAME')),
  latent_kf_override: maybe(socket('LATENT_KEYFRAME')),
  weights_override: maybe(socket('CONTROL_NET_WEIGHTS')),
};

const advanced = (first: Record<string, InputSpec>, last: Record<string, InputSpec>): NodeSpec => ({
  operation: 'control_advanced',
  category: 'Adv-ControlNet',
  inputs: { ...first, control_net: CONTROL_NET, image: IMAGE, ...RANGE, ...FURTHER, ...last },
  outputs: outs('positive:CONDITIONING', 'negative:CONDITIONING', 'model_opt:MODEL'),
});

const single = (last: Record<string, InputSpec>): NodeSpec => ({
  ...advanced({ conditioning: CONDITIONING }, last),
  operation: 'control_one_advanced',
  outputs: outs('CONDITIONING', 'model_opt:MODEL'),
});

const OLD = { model_optional: maybe(MODEL), vae_optional: maybe(VAE) };
const NOW = { vae_optional: maybe(VAE) };

const loader = (first: Record<string, InputSpec>, name: string, keyframes: string): NodeSpec => ({
  operation: 'load_control_by_name',
  category: 'Adv-ControlNet',
  inputs: { ...first, [name]: file('controlnet'), [keyframes]: maybe(socket('TIMESTEP_KEYFRAME')) },
  outputs: outs('CONTROL_NET'),
});

/** @see github.com/Kosinkadink/ComfyUI-Advanced-ControlNet adv_control/nodes_main.py, nodes_deprecated.py */
const ADVANCED = ofPack('comfyui-advanced-controlnet', {
  ControlNetLoaderAdvanced: loader({}, 'control_net_name', 'tk_optional'),
  ACN_ControlNetLoaderAdvanced: loader({}, 'cnet', '_tk_opt'),
  DiffControlNetLoaderAdvanced: loader({ model: MODEL }, 'control_net_name', 'tk_optional'),
  ACN_DiffControlNetLoaderAdvanced: loader({ model: MODEL }, 'cnet', '_tk_opt'),
  ACN_AdvancedControlNetApply: advanced(SIDES, OLD),
  ACN_AdvancedControlNetApply_v2: advanced(SIDES, NOW),
  ACN_AdvancedControlNetApplySingle: single(OLD),
  ACN_AdvancedControlNetApplySingle_v2: single(NOW),
});

/** As many places as CR Multi-ControlNet Stack has. */
export const STACKED_CONTROLS = [1, 2, 3] as const;

/** @see github.com/Suzie1/ComfyUI_Comfyroll_CustomNodes nodes/nodes_controlnet.py */
const COMFYROLL = ofPack('ComfyUI_Comfyroll_CustomNodes', {
  'CR Apply ControlNet': {
    operation: 'control_switched',
    category: 'Comfyroll/ControlNet',
    inputs: {
      ...{ conditioning: CONDITIONING, control_net: CONTROL_NET, image: IMAGE },
      switch: choice(['On', 'Off']),
      strength: strength(),
    },
    outputs: outs('CONDITIONING', 'show_help:STRING'),
  },
  'CR Multi-ControlNet Stack': {
    operation: 'stack_three_controls',
    category: 'Comfyroll/ControlNet',
    inputs: {
      ...Object.assign(
        {},
        ...STACKED_CONTROLS.map((i) => ({
          [`switch_${i}`]: maybe(choice(['Off', 'On'])),
          [`controlnet_${i}`]: maybe(file('controlnet')),
          [`controlnet_strength_${i}`]: maybe(float(1, [-10, 10])),
          [`start_percent_${i}`]: maybe(percent(0)),
          [`end_percent_${i}`]: maybe(percent(1)),
        })),
      ),
      ...Object.fromEntries(STACKED_CONTROLS.map((i) => [`image_${i}`, maybe(IMAGE)])),
      controlnet_stack: maybe(STACK),
    },
    outputs: outs('CONTROLNET_STACK:CONTROL_NET_STACK', 'show_help:STRING'),
  },
  'CR Apply Multi-ControlNet': {
    operation: 'control_by_stack_switched',
    category: 'Comfyroll/ControlNet',
    inputs: {
      ...{ base_positive: CONDITIONING, base_negative: CONDITIONING },
      switch: choice(['Off', 'On']),
      controlnet_stack: maybe(STACK),
    },
    outputs: outs('base_pos:CONDITIONING', 'base_neg:CONDITIONING', 'show_help:STRING'),
  },
});

/** @see github.com/jags111/efficiency-nodes-comfyui TSC_Control_Net_Stacker, TSC_Apply_ControlNet_Stack */
const EFFICIENCY = ofPack('efficiency-nodes-comfyui', {
  'Control Net Stacker': {
    operation: 'stack_control',
    category: 'Efficiency Nodes/Stackers',
    inputs: { control_net: CONTROL_NET, image: IMAGE, ...RANGE, cnet_stack: maybe(STACK) },
    outputs: outs('CNET_STACK:CONTROL_NET_STACK'),
  },
  'Apply ControlNet Stack': {
    operation: 'control_by_stack',
    category: 'Efficiency Nodes/Stackers',
    inputs: { ...SIDES, cnet_stack: maybe(STACK) },
    outputs: outs('CONDITIONING+:CONDITIONING', 'CONDITIONING-:CONDITIONING'),
  },
});

export const CONTROL_PACKS = { ...ADVANCED, ...COMFYROLL, ...EFFICIENCY };

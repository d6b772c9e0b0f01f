/** LoRAs by the stack: lists of names and strengths that travel, and nodes that put them on a model. */
import type { Place, Runners } from '../graph-walk';
import type { LoraStackValue, StackedLora } from '../values';
import { addLora, type Loaded } from './loaders';

export type { Loaded as LoraParts } from './loaders';

export const STACK_RUNNERS: Runners = {
  /** @see Comfyroll nodes_lora.py: what was stacked before comes first */
  stack_three_loras: (at) => {
    const own = places(3).flatMap((i) =>
      at.value(`lora_name_${i}`) && at.text(`switch_${i}`) === 'On'
        ? named(at, `lora_name_${i}`, at.number(`model_weight_${i}`), at.number(`clip_weight_${i}`))
        : [],
    );
    return [stack([...given(at), ...own]), { type: 'literal', value: '' }];
  },
  /** @see efficiency-nodes TSC_LoRA_Stacker: its own come first */
  stack_loras: (at) => {
    const isSimple = at.text('input_mode') === 'simple';
    const own = places(at.number('lora_count')).flatMap((i) => {
      const weight = (name: string): number => at.number(isSimple ? `lora_wt_${i}` : `${name}_${i}`);
      return at.value(`lora_name_${i}`) ? named(at, `lora_name_${i}`, weight('model_str'), weight('clip_str')) : [];
    });
    return [stack([...own, ...given(at)])];
  },
  /** @see Easy-Use loraStack: switched off it gives none, not even what was stacked before */
  stack_ten_loras: (at) => {
    if (!at.isOn('toggle')) return [stack([])];
    const isSimple = at.text('mode') === 'simple';
    const own = places(at.number('num_loras')).flatMap((i) => {
      const weight = (name: string): number => at.number(`lora_${i}_${isSimple ? 'strength' : name}`);
      return at.value(`lora_${i}_name`)
        ? named(at, `lora_${i}_name`, weight('model_strength'), weight('clip_strength'))
        : [];
    });
    return [stack([...(at.maybe('optional_lora_stack', 'LORA_STACK')?.loras ?? []), ...own])];
  },
  add_stacked_loras: (at) => {
    const { model, clip } = addStack(at, parts(at), given(at));
    return [model, clip, { type: 'literal', value: '' }];
  },
  /** @see rgthree-comfy lora_stack.py: one strength for both, 0 is off */
  add_four_loras: (at) => {
    const loras = places(4).flatMap((i) => {
      const weight = at.number(`strength_0${i}`);
      return weight === 0 || !at.value(`lora_0${i}`) ? [] : named(at, `lora_0${i}`, weight, weight);
    });
    const { model, clip } = addStack(at, parts(at), loras);
    return [model, clip];
  },
};

const places = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1);
const stack = (loras: readonly StackedLora[]): LoraStackValue => ({ type: 'LORA_STACK', loras });
const parts = (at: Place): Loaded => ({ model: at.take('model', 'MODEL'), clip: at.take('clip', 'CLIP') });
const given = (at: Place): readonly StackedLora[] => at.maybe('lora_stack', 'LORA_STACK')?.loras ?? [];

function named(at: Place, input: string, denoiser: number, text: number): StackedLora[] {
  const name = at.text(input);
  return name === 'None' || name === '' ? [] : [{ name, denoiser, text }];
}

/** @throws Stop for a file that is not here */
export function addStack(at: Place, before: Loaded, loras: readonly StackedLora[]): Loaded {
  return loras.reduce((loaded, { name, denoiser, text }, i) => {
    const file = (): string => {
      const found = at.walk.inventory.find('loras', name);
      if (found === undefined) throw at.stop(`${name} (loras) is not here.`);
      return found;
    };
    return addLora(at, loaded, { file, denoiser, text }, `stacked ${i + 1}`);
  }, before);
}

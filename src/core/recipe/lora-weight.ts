/** How much of a LoRA a recipe asks for. */

/** A LoRA that no tag names: ComfyUI has nodes for them. */
export interface LoraWeight {
  name: string;
  unet: number;
  /** Strength of the text encoder's part. */
  text: number;
}

/** A LoRA as a tag has it: one strength where both are the same. */
export const loraTag = ({ name, unet, text }: LoraWeight): string =>
  `<lora:${name}:${unet === text ? unet : `${text}:${unet}`}>`;

/**
 * "ink (0.8)": a name and its weight. Only a point or a sign makes the number one: "ink (1)" is the name that browsers give a second
 * download.
 */
export const LORA_WITH_BRACKETS = /^(.*?)\s*\(([+-][\d.]+|\d+\.\d*|\.\d+)\)$/;

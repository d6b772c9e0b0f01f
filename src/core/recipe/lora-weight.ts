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

/** Nodes that make their text when the graph runs: the file holds what they were given, or what they made in an earlier run. */
import type { PromptNode } from './graph';

const MAKES =
  /llm|gpt|ollama|llama|llava|gemini|claude|deepseek|qwen(?!.*encode)|florence|joy_?caption|caption|interrogat|tagger|describe|vision|vlm|minicpm|moondream|blip|img2txt|image.?to.?(text|prompt)/i;
/** Input that is meant for a language model, and is no prompt. */
const ASKS = /^(temperature|max_(new_)?tokens|max_length|top_[pk]|system_(prompt|message)|api_key|keep_alive)$/i;

export function makesText({ type, inputs }: PromptNode): boolean {
  return MAKES.test(type) || [...inputs.keys()].filter((name) => ASKS.test(name)).length > 1;
}

/** A list of styles that changes both prompts. */
const STYLE = /^(style\d?|styles|select_styles|style_name|prompt_style)$/i;
const NO_STYLE = /^(none|base|no style|no_style|default|-|)$/i;

/** Undefined where none is chosen. */
export function styleOf({ inputs }: PromptNode): string | undefined {
  const [, style] = [...inputs].find(([name, value]) => STYLE.test(name) && typeof value === 'string') ?? [];
  return typeof style === 'string' && !NO_STYLE.test(style.trim()) ? style : undefined;
}

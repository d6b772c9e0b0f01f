/** The address within what a person pastes: quotes, Markdown links, shell commands and lines of Python around it. */

/** @returns '' where there is nothing */
export function unwrap(text: string): string {
  const line = text.replace(/[\u200b\ufeff]/g, '').trim();
  const quoted = /from_(?:pretrained|single_file)\(\s*(?:\w+\s*=\s*)?["']([^"']+)["']/.exec(line)?.[1];
  const linked = /\]\(\s*<?((?:https?:\/\/)[^)\s>]+)>?\s*\)/.exec(line)?.[1];
  const command =
    /^(?:\$\s*)?(?:git\s+(?:lfs\s+)?clone|hf\s+download|huggingface-cli\s+download|wget|curl)\s+(.*)$/.exec(line)?.[1];
  const words = command?.split(/\s+/).filter((word) => !word.startsWith('-'));
  // `-O x.safetensors https://…`: an option's value stands before the address.
  const word = words?.find((one) => /^["'<]?(?:https?:\/\/|git@|hf:\/\/)/.test(one)) ?? words?.[0];
  return bare(quoted ?? linked ?? word ?? line);
}

function bare(text: string): string {
  const inner = text.replace(/^[\s"'`<([“‘«]+|[\s"'`>)\]”’»,;]+$/g, '');
  return inner
    .replace(/^git@(hf\.co|huggingface\.co):/, 'https://huggingface.co/')
    .replace(/^hf:\/\//, 'https://huggingface.co/')
    .replace(/\.git$/, '');
}

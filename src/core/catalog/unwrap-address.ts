/** The address within what a person pastes: quotes, Markdown links, shell commands and lines of Python around it. */

import { decode } from './url-words';

/** @returns '' where there is nothing */
export function unwrap(text: string): string {
  const line = text.replace(/[\u200b\ufeff]/g, '').trim();
  const quoted = calledWith(line);
  const linked = /\]\(\s*<?((?:https?:\/\/)[^)\s>]+)>?\s*\)/.exec(line)?.[1];
  const command =
    /^(?:[$!%]\s*)?(?:git\s+(?:lfs\s+)?clone|hf\s+download|huggingface-cli\s+download|wget|curl)\s+(.*)$/.exec(
      line,
    )?.[1];
  const words = command?.split(/\s+/).filter((word) => !word.startsWith('-'));
  // `-O x.safetensors https://…`: an option's value stands before the address.
  const word = words?.find((one) => /^["'<]?(?:https?:\/\/|git@|hf:\/\/)/.test(one)) ?? words?.[0];
  return redirected(bare(quoted ?? linked ?? word ?? soleAddress(line) ?? named(line)));
}

/** A line of Python or of a notebook: the repository, and the file where one is named. */
function calledWith(line: string): string | undefined {
  const [, call, inner = ''] =
    /\b(from_pretrained|from_single_file|hf_hub_download|snapshot_download|load_lora_weights)\(([^)]*)/.exec(line) ??
    [];
  if (call === undefined) return undefined;
  const texts = [...inner.matchAll(/(?:(\w+)\s*=\s*)?["']([^"']+)["']/g)].map(([, key, value]) => ({ key, value }));
  const repo = texts.find(({ key }) => key === undefined || /repo|name_or_path|link_or_path/.test(key))?.value;
  const revision = texts.find(({ key }) => key === 'revision')?.value ?? 'main';
  const plain = texts.filter(({ key }) => key === undefined);
  const file =
    texts.find(({ key }) => key === 'filename' || key === 'weight_name')?.value ??
    (call === 'hf_hub_download' ? plain[1]?.value : undefined);
  if (repo === undefined || /^https?:/.test(repo)) return repo;
  return file === undefined ? repo : `https://huggingface.co/${repo}/blob/${encodeURIComponent(revision)}/${file}`;
}

/** The one address within other words: a command with options, a sentence. */
function soleAddress(line: string): string | undefined {
  const found = new Set(line.match(/\bhttps?:\/\/[^\s"'<>|]+/g));
  return found.size === 1 && /\s/.test(line) ? [...found][0] : undefined;
}

/** "model: owner/name", "@owner/name". */
const named = (line: string): string =>
  line.replace(/^(?:(?:model|repo|repo_id|repository)\s*[:=]\s*|@)(?=["']?[\w.-]+\/[\w.-]+["']?$)/i, '');

/** Sites that lead on: the address is in their own. */
function redirected(address: string): string {
  const [, inner] =
    /^https:\/\/(?:www\.google\.\w+\/url|l\.facebook\.com\/l\.php|[\w.-]*safelinks\.protection\.outlook\.com\/|out\.reddit\.com\/)[^#]*?[?&](?:q|u|url)=([^&#]+)/i.exec(
      address,
    ) ?? [];
  const plain = inner === undefined ? '' : decode(inner);
  return /^https?:\/\//.test(plain) ? plain : address;
}

function bare(text: string): string {
  const inner = text.replace(/^[\s"'`<([“‘«]+|[\s"'`>)\]”’»,;]+$/g, '');
  return inner
    .replace(/^git@(hf\.co|huggingface\.co):/, 'https://huggingface.co/')
    .replace(/^ssh:\/\/git@(hf\.co|huggingface\.co)\//, 'https://huggingface.co/')
    .replace(/^hf:\/\/([\w.-]+\/[\w.-]+)\/(.+)$/, 'https://huggingface.co/$1/blob/main/$2')
    .replace(/^hf:\/\//, 'https://huggingface.co/')
    .replace(/\.git$/, '');
}

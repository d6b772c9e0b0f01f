/** The table of nodes searched: by class, title and category, and by what fits a link. */
import { fits, inputType, NODES, type NodeSpec } from '../nodes';

export interface FoundNode {
  type: string;
  title: string;
  category: string;
  /** Something here computes what it does. */
  runs: boolean;
  /** It belongs to a pack: ComfyUI's own nodes come before. */
  isOfPack?: true;
}

export interface NodeQuery {
  words: string;
  /** Only nodes that take this type, or (`gives`) give it. */
  takes?: string;
  gives?: string;
}

/** The best first; with nothing typed, all by their titles, ComfyUI's own before those of packs, and those that run here before the others. */
export function findNodes({ words, takes, gives }: NodeQuery): FoundNode[] {
  const wanted = words
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const found = ALL.flatMap((entry) => {
    if (takes !== undefined && firstInput(entry.type, takes) === undefined) return [];
    if (gives !== undefined && firstOutput(entry.type, gives) === undefined) return [];
    const score = scoreOf(entry, wanted);
    return score === undefined ? [] : [{ entry, score }];
  });
  return found
    .sort((a, b) => a.score - b.score || rank(a.entry) - rank(b.entry) || compare(a.entry, b.entry))
    .map(({ entry }) => entry);
}

const rank = ({ runs, isOfPack }: FoundNode): number => (isOfPack ? 2 : 0) + (runs ? 0 : 1);
const compare = (a: FoundNode, b: FoundNode): number => (a.title < b.title ? -1 : a.title > b.title ? 1 : 0);

/** Virtual nodes do what they do in the editor. */
const ALL: readonly FoundNode[] = Object.entries(NODES as Readonly<Record<string, NodeSpec>>)
  .filter(([, { isOld }]) => isOld !== true)
  .map(([type, { title = type, category, operation, isVirtual, pack }]) => ({
    ...{ type, title, category },
    runs: operation !== undefined || isVirtual === true,
    ...(pack !== undefined && { isOfPack: true as const }),
  }));

/** Less is better; undefined where a word is nowhere. */
function scoreOf({ type, title, category }: FoundNode, words: readonly string[]): number | undefined {
  const names = [title.toLowerCase(), type.toLowerCase()];
  const whole = words.join(' ');
  let score = names.includes(whole) ? 0 : names.some((name) => name.startsWith(whole)) ? 1 : 2;
  for (const word of words) {
    if (names.some((name) => name.includes(word))) continue;
    if (!category.toLowerCase().includes(word) && !initials(title).includes(word)) return undefined;
    score += 2;
  }
  return score;
}

/** First letters of a title's words: "lin" for Load Image… */
function initials(title: string): string {
  return title
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.charAt(0))
    .join('')
    .toLowerCase();
}

/** The name of the first input of a class that takes this type, sockets before widgets. */
export function firstInput(type: string, given: string): string | undefined {
  if (type === 'Reroute') return '';
  const spec = NODES[type];
  const names = Object.keys(spec.inputs);
  const typed = names.map(
    (name) => [name, inputType(spec, name) ?? '*', spec.inputs[name]?.kind === 'socket'] as const,
  );
  const fitting = typed.filter(([, own]) => fits(own, given));
  return (fitting.find(([, own, isSocket]) => isSocket && own !== '*') ?? fitting[0])?.[0];
}

/** The place of the first output of a class that gives this type. */
export function firstOutput(type: string, wanted: string): number | undefined {
  const outputs = NODES[type].outputs;
  const exact = outputs.findIndex((output) => output.type !== '*' && fits(output.type, wanted));
  const slot = exact >= 0 ? exact : outputs.findIndex((output) => fits(output.type, wanted));
  return slot < 0 ? undefined : slot;
}

/** Running the graph that is open: what is missing, what stops it, how far each node is, and what came of it. */
import { SvelteMap } from 'svelte/reactivity';
import {
  afterRun,
  baseName,
  nodeOf,
  toPrompt,
  type ApiPrompt,
  type WantedModel,
} from '../../../core/comfyui/workflows';
import { toAppError } from '../../../core/errors';
import type { Size } from '../../../core/image/raster';
import type { NodeState } from '../../../engine/api';
import { LINE_FULL } from '../line/line-full';
import type { Picture } from '../pictures/picture';
import type { Progress } from '../line/progress';
import { pictureFileName } from '../pictures/save-file';
import type { Studio } from '../studio.svelte';
import { compileGraph, keyOf, matchOf, wantedPictures, type Beside, type CompiledGraph } from './compile-graph';
import type { GraphEditor } from './editor.svelte';
import type { GraphWork } from './graph-work';
import { isAwaited, offersFor, type Match, type Offer } from './matching';
import { promptOf } from './run-graph';
import { templatePicture } from './templates';

type Parts = Pick<Studio, 'library' | 'gallery' | 'queue' | 'settings' | 'startPictures' | 'enqueue' | 'held'> & {
  said: string | undefined;
};

export interface Problem {
  /** Id of the prompt's node that it is about. */
  node?: string;
  message: string;
}

export interface NamedFile extends WantedModel {
  match: Match | undefined;
  offers: readonly Offer[];
}

/** What somebody chose for a name, for all graphs of this session. */
const choices = new SvelteMap<string, string>();
/** Sizes of pictures by their hashes, as far as they were read. */
const sizes = new Map<string, Size>();
const runs = new WeakMap<GraphEditor, GraphRun>();

/** One for as long as the graph lasts, however often the sheet is closed. */
export function runOf(editor: GraphEditor, parts: Parts): GraphRun {
  const known = runs.get(editor);
  if (known) return known;
  // what it derives may not end with the sheet that asks first
  let made: GraphRun | undefined;
  $effect.root(() => void (made = new GraphRun(editor, parts)));
  if (!made) throw new Error('An effect runs at once.');
  runs.set(editor, made);
  return made;
}

/** Undefined before its sheet is open. */
export const knownRun = (editor: GraphEditor): GraphRun | undefined => runs.get(editor);

export class GraphRun {
  readonly #editor: GraphEditor;
  readonly #parts: Parts;
  /** What stopped outputs when it was last put in line. */
  problems = $state.raw<readonly Problem[]>([]);
  /** What is done in another way than the file says: a sentence each. */
  notices = $state.raw<readonly string[]>([]);
  #work = $state.raw<GraphWork>();
  /** How far the nodes of the prompt were when the last run of this graph was last heard of. */
  #states = $state.raw<ReadonlyMap<string, NodeState>>(new Map());
  #isStarting = $state(false);

  constructor(editor: GraphEditor, parts: Parts) {
    this.#editor = editor;
    this.#parts = parts;
  }

  /** Models that it names, with what they mean here. */
  readonly named: readonly NamedFile[] = $derived.by(() => {
    const { library } = this.#parts;
    const chosen = { library, choices: Object.fromEntries(choices) };
    const wanted = this.#editor.analysis?.models ?? [];
    return wanted.map((one) => {
      const found = matchOf(one, chosen);
      // an embedding is called by its name in the text, and by nothing else
      const match = one.folder === 'embeddings' && found?.by !== 'name' ? undefined : found;
      return { ...one, match, offers: offersFor(one.folder, library) };
    });
  });
  /** Those that something can stand in for; an embedding that is not here is words like others. */
  readonly files = $derived.by(() => this.named.filter(({ folder }) => folder !== 'embeddings'));

  /** Pictures that its nodes load. */
  readonly pictures = $derived.by(() =>
    wantedPictures(this.#editor.analysis?.prompt ?? {}).map(({ name, node }) => {
      const hash = choices.get(keyOf('input', name));
      return { name, node, hash };
    }),
  );

  /** Where somebody has to choose, or has. */
  readonly openFiles = $derived.by(() => this.files.filter(({ match }) => match?.by !== 'name'));
  readonly missingCount = $derived.by(
    () => this.files.filter(isAwaited).length + this.pictures.filter(({ hash }) => hash === undefined).length,
  );

  /** It is the one that is being made. */
  readonly isRunning = $derived.by(() => this.#isMine(this.#parts.queue.current?.graph));
  readonly waitingCount = $derived.by(
    () => this.#parts.queue.waiting.filter(({ graph }) => this.#isMine(graph)).length,
  );

  get isStarting(): boolean {
    return this.#isStarting;
  }
  get progress(): Progress | undefined {
    return this.isRunning ? this.#parts.queue.progress : undefined;
  }
  /** What came of the last run, the last first. */
  get made(): readonly Picture[] {
    const run = this.#work?.run;
    return run === undefined ? [] : this.#parts.gallery.pictures.filter(({ graph }) => graph?.run === run);
  }

  /** How far a node is; for a subgraph, what its nodes are together. */
  stateOf(id: string): NodeState | undefined {
    const own = this.#states.get(id);
    if (own !== undefined) return own;
    let state: NodeState | undefined;
    for (const [other, one] of this.#states) if (other.startsWith(`${id}:`)) state = joined(state, one);
    return state;
  }
  /** An address, once its bytes are read. */
  thumbnail(id: number): string | undefined {
    return this.#parts.gallery.thumbnails.get(id);
  }
  problemOf(id: string): string | undefined {
    return this.problems.find(({ node }) => node === id)?.message;
  }
  madeBy(id: string): readonly Picture[] {
    return this.made.filter(({ graph }) => graph?.node === id);
  }

  /** @param id  of an offer; undefined takes the choice back */
  choose({ folder, name }: Pick<WantedModel, 'folder' | 'name'>, id: string | undefined): void {
    const key = keyOf(folder, name);
    if (id === undefined) choices.delete(key);
    else choices.set(key, id);
    this.problems = [];
  }

  /** A file for a picture that it loads, kept by its pixels. Says what is wrong with it. */
  async give(name: string, file: Blob): Promise<void> {
    try {
      const { readWithAlpha } = await import('./read-with-alpha');
      const pixels = await readWithAlpha(file);
      this.#take(name, await this.#parts.startPictures.put(pixels), pixels);
    } catch (thrown) {
      this.#parts.said = toAppError(thrown).message;
    }
  }

  #take(name: string, hash: string, { width, height }: Size): void {
    this.#parts.held.add(hash);
    sizes.set(hash, { width, height });
    choices.set(keyOf('input', name), hash);
    this.problems = [];
  }

  /** The states of its nodes, as the line tells them: to be called whenever that changes. */
  hear({ nodes = {} }: Progress, work: GraphWork | undefined): void {
    if (!work || !this.#isMine(work)) return this.#settle();
    if (nodes === this.#heard) return;
    this.#heard = nodes;
    const prompt = this.#prompt(work);
    const states = new Map<string, NodeState>();
    for (const [operation, state] of Object.entries(nodes)) {
      const id = nodeOf(operation, prompt);
      if (id !== undefined) states.set(id, joined(states.get(id), state));
    }
    this.#states = states;
  }

  #heard: Progress['nodes'];
  #read: { work: GraphWork; prompt: ApiPrompt } | undefined;
  #prompt(work: GraphWork): ApiPrompt {
    if (this.#read?.work.run !== work.run) this.#read = { work, prompt: promptOf(work) };
    return this.#read.prompt;
  }

  /** A run ended otherwise than with pictures: what was under way is not any more. */
  fail(work: GraphWork, message: string): void {
    if (!this.#isMine(work) || this.problems.some((one) => one.message === message)) return;
    const running = Object.entries(this.#parts.queue.progress.nodes ?? {}).find(([, state]) => state === 'running');
    const node = running && nodeOf(running[0], this.#prompt(work));
    this.problems = [{ message, ...(node !== undefined && { node }) }];
    this.#settle();
  }

  /** Nothing of it is under way: what was, was cancelled, or told its end too late. */
  #settle(): void {
    const settled = [...this.#states].filter(([, state]) => state !== 'running');
    if (settled.length < this.#states.size) this.#states = new Map(settled);
  }

  /** Puts it in line, as ComfyUI does: outputs that are right run, seeds change afterwards. False where nothing can run, which is said. */
  async run(): Promise<boolean> {
    if (this.#isStarting) return false;
    this.#isStarting = true;
    try {
      await this.findPictures();
      return this.#start(compileGraph(this.#editor.document, this.#beside));
    } catch (thrown) {
      this.problems = [{ message: toAppError(thrown).message }];
      return false;
    } finally {
      this.#isStarting = false;
    }
  }

  #start({ work, request, problems, notices }: CompiledGraph): boolean {
    this.problems = problems;
    this.notices = notices;
    if (!work) return false;
    if (this.#isUnchanged(work)) {
      this.#parts.said = 'Nothing has changed since the last run: its pictures are in the gallery.';
      return false;
    }
    if (!this.#parts.enqueue(request, { graph: work })) {
      this.#parts.said = LINE_FULL;
      return false;
    }
    this.#work = work;
    this.#states = new Map();
    this.#parts.gallery.follow();
    this.#editor.follow(afterRun(this.#editor.document, Math.random));
    return true;
  }

  /** What it would make is there, or about to be. */
  #isUnchanged(work: GraphWork): boolean {
    const before = this.#work;
    if (!before || JSON.stringify([before.workflow, before.outputs]) !== JSON.stringify([work.workflow, work.outputs]))
      return false;
    const { queue } = this.#parts;
    const isInLine = this.isRunning || queue.waiting.some(({ graph }) => graph?.run === before.run);
    return isInLine || work.outputs.every((node) => this.madeBy(node).length > 0);
  }

  #isMine(work: GraphWork | undefined): boolean {
    return work !== undefined && work.run === this.#work?.run;
  }

  get #beside(): Beside {
    const { library, settings } = this.#parts;
    return {
      ...{ library, choices: Object.fromEntries(choices), model: settings.model.id, title: this.#editor.name },
      ...{ run: crypto.randomUUID(), random: Math.random, now: new Date() },
      sizeOf: (hash) => sizes.get(hash),
    };
  }

  /** Pictures of templates, of the form by their hash, and of the gallery, which the workflow names as they are saved. */
  async findPictures(): Promise<void> {
    for (const { name } of wantedPictures(toPrompt(this.#editor.document))) {
      if (choices.has(keyOf('input', name))) continue;
      const hash = /^([0-9a-f]{64})\.png$/.exec(name)?.[1];
      const pixels = hash !== undefined && (await this.#parts.startPictures.pixels(hash));
      if (pixels) {
        this.#take(name, hash, pixels);
        continue;
      }
      const file =
        (await templatePicture(name)) ??
        (await this.#fileCalled(baseName(name.replace(/ \[(input|output|temp)\]$/, ''))));
      if (file) await this.give(name, file);
    }
  }

  async #fileCalled(name: string): Promise<Blob | undefined> {
    const { gallery } = this.#parts;
    const found = gallery.pictures.find(({ request }) => pictureFileName(request).toLowerCase() === name);
    return found && (await gallery.file(found.id));
  }
}

/** State of a node out of those of its operations: it runs where one does, and is from the cache only where all are. */
function joined(before: NodeState | undefined, state: NodeState): NodeState {
  if (before === undefined || before === state) return state;
  return before === 'running' || state === 'running' ? 'running' : 'done';
}

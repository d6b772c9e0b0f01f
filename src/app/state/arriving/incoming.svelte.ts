/** A recipe that came from outside: what it would change, and taking all or parts of it over. */
import { SvelteMap } from 'svelte/reactivity';
import type { ModelEntry } from '../../../core/catalog';
import { toAppError } from '../../../core/errors';
import { diffRecipe, type Change, type Note, type Recipe } from '../../../core/recipe/infotext';
import { matchModel, type FoundRecipe } from '../../../core/recipes';
import { incomingControl, type IncomingControl } from '../control/incoming-control';
import type { FormHistory } from '../settings/form-history.svelte';
import type { GraphEditor } from '../graph/editor.svelte';
import { fetchPart } from '../page/fetch-part';
import { AwaitedModel } from './awaited-model.svelte';
import { pastedWorkflow, readIncomingFile, readPastedText, type ReadFile } from './read-incoming';
import { withoutControl } from '../../../core/recipe/control/extras';
import { isOfPicture } from '../../../core/recipe/has-effect';
import { saysSettings } from '../../../core/recipe/recipe';
import { missingModel, withOwnParts } from './incoming-parts';
import { CONTROL, MODEL, PICTURE, summarise, type IncomingChange } from './incoming-changes';
import { withOwnLoras } from './own-loras';
import { sizeLeft, sizeNote } from './size-left';
import { recipeSettings, startsFromPicture } from '../../../core/recipe/settings';
import { ADVANCED_DEFAULTS, ADVANCED_IDS } from '../../../core/recipe/request';
import type { ModelLibrary } from '../library/library.svelte';
import type { Settings } from '../settings/settings.svelte';
import type { Starting } from '../start/starting.svelte';

export interface IncomingParts {
  settings: Settings;
  form: FormHistory;
  starting: Starting;
  /** All that are known, here or to be had. */
  models: () => readonly (ModelEntry & { hash: string | undefined })[];
  library: Pick<
    ModelLibrary,
    'adapters' | 'controls' | 'vaes' | 'texts' | 'upscalers' | 'usable' | 'modelFacts' | 'show' | 'importFiles'
  >;
  /** Whether a picture was looked for and is not here. */
  isMissing: (hash: string) => boolean;
  say: (words: string) => void;
}

type About = Pick<ReadFile, 'why' | 'embedding' | 'workflow'>;

const FORMS = { infotext: 'A1111', comfyui: 'ComfyUI', novelai: 'NovelAI', link: 'a link', json: 'JSON' } as const;

export class Incoming {
  readonly #parts: IncomingParts;
  readonly #awaited: AwaitedModel;
  /** Lines that somebody has ticked, or not. */
  readonly #ticks = new SvelteMap<string, boolean>();
  #found = $state.raw<FoundRecipe>();
  #picture = $state.raw<File>();
  #why = $state<string>();
  #embedding = $state<string>();
  #workflow = $state.raw<File>();
  /** That came together, of which one is shown. */
  #together = $state.raw<readonly File[]>([]);
  #at = $state(0);
  /** Which of them was asked for last: it may be being read. */
  #asked = 0;
  /** Number of what was asked for last: what is read for an earlier one is for nobody. */
  #turn = 0;
  /** A workflow that is shown as a graph. */
  graph = $state.raw<GraphEditor>();

  readonly #model = $derived.by(() => this.#found && matchModel(this.#found.recipe, this.#parts.models()));
  /** A recipe of more than prompts says what the picture starts from, be it noise. */
  readonly #changesPicture = $derived.by(() => {
    const recipe = this.#found?.recipe;
    if (recipe === undefined || !saysSettings(recipe)) return false;
    // From one that it does not hold: the form's may be the one.
    if (recipe.initImage === undefined && startsFromPicture(recipe)) return false;
    const { initImage, initMask } = this.#parts.settings;
    return recipe.initImage !== initImage || recipe.initMask !== initMask;
  });
  readonly #control: IncomingControl = $derived.by(() =>
    incomingControl(this.#found?.recipe, {
      settings: this.#parts.settings,
      controls: this.#parts.library.controls,
      isMissing: this.#parts.isMissing,
    }),
  );
  readonly #diff = $derived.by(() => this.#compare());
  /** The model that would paint it. */
  readonly #painter = $derived.by(() => {
    const model = this.#ticks.get(MODEL) === false ? undefined : this.#model;
    return model && this.#parts.settings.hasModel(model.id) ? model : this.#parts.settings.model;
  });
  readonly #sizeLeft = $derived.by(() => sizeLeft(this.#diff.changes, this.#found?.recipe, this.#painter));
  /** What would change, in the order of the page. */
  readonly changes: readonly IncomingChange[] = $derived.by(() =>
    summarise(this.#diff.changes, {
      settings: this.#parts.settings,
      ...(this.#changesPicture && { picture: this.#found?.recipe ?? {} }),
      ...(this.#control.changes && { control: this.#control.units }),
      model: this.#model,
    }),
  );
  /** What cannot be done, or is not as it was asked for. */
  readonly notes: readonly Note[] = $derived.by(() => this.#explain(true));

  constructor(parts: IncomingParts) {
    this.#parts = parts;
    this.#awaited = new AwaitedModel(parts.settings, parts.models);
  }

  /** Something of it is shown: the recipe or picture that waits to be taken over, or a graph. */
  get isOpen(): boolean {
    return this.isWaiting || this.graph !== undefined;
  }
  get isWaiting(): boolean {
    return this.#found !== undefined || this.#picture !== undefined;
  }
  /** It came in a picture, or it is one: the next can start from it. */
  get picture(): File | undefined {
    return this.#picture;
  }
  /** Why a picture holds no recipe. */
  get why(): string | undefined {
    return this.#why;
  }
  /** What is to be said of the embedding that lies in a picture. */
  get embedding(): string | undefined {
    return this.#embedding;
  }
  /** The file carries a workflow of ComfyUI, which can be shown as a graph. */
  get hasWorkflow(): boolean {
    return this.#workflow !== undefined;
  }
  get hasRecipe(): boolean {
    return this.#found !== undefined;
  }
  /** Files that came with the one that is shown, itself among them; none where it came alone. */
  get together(): readonly File[] {
    return this.#together;
  }
  /** Which of them is shown, from 1. */
  get place(): number {
    return this.#at + 1;
  }
  /** Where it came from, in a word. */
  get form(): string {
    return this.#found ? FORMS[this.#found.form] : '';
  }
  /** Id of the model that it names, where the catalogue has it and the library has not. */
  get wantedModel(): string | undefined {
    const id = this.#model?.id;
    return id === undefined || this.#parts.settings.hasModel(id) ? undefined : id;
  }
  /** Keys that nobody knows here: kept, and written into the pictures that are made. */
  get unknown(): Readonly<Record<string, string>> {
    return withoutControl(this.#found?.recipe.unknown ?? {});
  }
  /** Lines that are to be taken over. */
  get takenCount(): number {
    return this.changes.filter(({ key }) => this.isTaken(key)).length;
  }

  isTaken(key: string): boolean {
    return this.#ticks.get(key) ?? !this.#sizeLeft.has(key);
  }

  setTaken(key: string, isTaken: boolean): void {
    this.#ticks.set(key, isTaken);
  }

  /** Shows it in the place of all that is shown, or is being read. */
  open(found: FoundRecipe | undefined, picture?: File, about?: About): void {
    this.#turn += 1;
    this.#together = [];
    this.#show(found, picture, about);
  }

  #show(found: FoundRecipe | undefined, picture?: File, { why, embedding, workflow }: About = {}): void {
    this.#ticks.clear();
    const { library } = this.#parts;
    this.#found = found && withOwnParts(withOwnLoras(found, library.adapters), library);
    this.#picture = picture;
    this.#why = why;
    this.#embedding = embedding;
    this.#workflow = workflow;
  }

  /** False where the text is only words. */
  openText(text: string): boolean {
    const [found, workflow] = [readPastedText(text), pastedWorkflow(text)];
    if (found) this.open(found, undefined, workflow && { workflow });
    else if (workflow) void this.openFile(workflow);
    return (found ?? workflow) !== undefined;
  }

  /** The first of several that can be read is shown, with the way to the others. */
  async openFiles(files: readonly File[]): Promise<void> {
    [this.#together, this.#at, this.#asked] = [files.length > 1 ? files : [], -1, -1];
    if (files.length > 1) await this.openNext();
    else if (files[0]) await this.openFile(files[0]);
  }

  /** The next of those that came together; the first after the last. What is no recipe and no picture is told, and passed. */
  async openNext(): Promise<void> {
    const turn = (this.#turn += 1);
    const all = this.#together;
    for (let tried = 0; tried < all.length; tried++) {
      const at = (this.#asked = (this.#asked + 1) % all.length);
      const isShown = await this.#read(all[at] as File, turn);
      if (turn !== this.#turn) return;
      if (!isShown) continue;
      this.#at = at;
      break;
    }
    if (this.isWaiting) return;
    if (this.graph) this.#leaveOthers();
    this.#together = [];
  }

  /** False where it cannot be read, which is said. */
  async openFile(file: File): Promise<boolean> {
    this.#together = [];
    return this.#read(file, (this.#turn += 1));
  }

  async #read(file: File, turn: number): Promise<boolean> {
    try {
      const { found, isPicture, ...about } = await readIncomingFile(file);
      if (turn !== this.#turn) return true;
      if (!found && about.workflow) return await this.openGraph(about.workflow, undefined, turn);
      this.#show(found, isPicture ? file : undefined, about);
      return true;
    } catch (thrown) {
      this.#parts.say(toAppError(thrown).message);
      return false;
    }
  }

  /** What came with the one that is taken is not shown any more, which is said. */
  #leaveOthers(): void {
    const words = this.#othersLeft();
    if (words !== undefined) this.#parts.say(words);
  }

  #othersLeft(): string | undefined {
    const { length } = this.#together;
    return length > 1 ? `${length} files came together: drop the others again to see them.` : undefined;
  }

  /** Opens the workflow in the file that is shown here as a graph. */
  async showGraph(): Promise<void> {
    if (this.#workflow && (await this.openGraph(this.#workflow))) this.#dismissTaken();
  }

  /** The workflow in a file as a graph. False where there is none, which has been said. */
  async openGraph(file: Blob, name = file instanceof File ? file.name : '', turn = this.#turn): Promise<boolean> {
    const part = await fetchPart(() => import('../graph/open-graph'), this.#parts.say);
    if (!part) return false;
    try {
      const graph = await part.openGraph(file, name);
      if (turn === this.#turn) this.graph = graph;
      return true;
    } catch (thrown) {
      this.#parts.say(toAppError(thrown).message);
      return false;
    }
  }

  /** What is ticked goes into the form; undoable. @param what  is done, in words */
  apply(what = 'Recipe taken over'): void {
    const found = this.#found;
    if (!found) return;
    const model = this.#model;
    const ticks = [...this.#ticks];
    const changes = this.#diff.changes.filter(({ field }) => this.isTaken(field));
    const take = (): void => {
      if (model && this.isTaken(MODEL)) this.#parts.settings.chooseModel(model.id);
      this.#parts.settings.useChanges(changes);
      if (this.#changesPicture && this.isTaken(PICTURE)) this.#takePicture(found.recipe);
      if (this.#control.changes && this.isTaken(CONTROL)) this.#parts.settings.control = this.#control.units;
      this.#parts.settings.extras = { ...this.unknown };
    };
    this.#parts.form.change(what, take, this.#othersLeft());
    this.#awaited.wait(found, ticks, model);
    this.dismiss();
  }

  /** The model of a recipe that was taken over without it has come, and nothing else is looked at. */
  get isModelHere(): boolean {
    return !this.isOpen && this.#awaited.model !== undefined;
  }

  /** Takes that recipe over again, with its model; undoable. */
  applyWithModel(): void {
    const { model } = this.#awaited;
    const waiting = this.#awaited.take();
    if (!model || !waiting) return;
    this.open(waiting.found);
    for (const [key, isTaken] of waiting.ticks) this.setTaken(key, isTaken);
    this.apply(`${model.name} is here: its recipe is taken over with it`);
  }

  /** Straight into the form, as a link does it. @returns what there is to know about it */
  applyAll(found: FoundRecipe): readonly Note[] {
    this.open(found);
    for (const key of this.#sizeLeft) this.setTaken(key, true);
    const notes = this.#explain(false);
    this.apply();
    return notes;
  }

  /** The next picture starts from this one; the rest of the form stays. */
  async startFromIt(): Promise<void> {
    const picture = this.#picture;
    if (picture && (await this.#parts.starting.fromFile(picture))) this.#dismissTaken();
  }

  /** What lies in the picture goes into the library, which says what came of it. */
  addEmbedding(): void {
    const { library } = this.#parts;
    if (!this.#picture) return;
    library.show();
    void library.importFiles([this.#picture]);
    this.#dismissTaken();
  }

  #dismissTaken(): void {
    this.#leaveOthers();
    this.dismiss();
  }

  dismiss(): void {
    this.open(undefined);
  }

  /** Closes all that is shown of what came. */
  close(): void {
    this.dismiss();
    this.graph = undefined;
  }

  /** Takes over the picture to start from, with its settings, also those that have no line of their own. */
  #takePicture(recipe: Recipe): void {
    const { settings } = this.#parts;
    settings.initImage = recipe.initImage;
    settings.initMask = recipe.initMask;
    if (recipe.initImage === undefined) return;
    const said = recipeSettings(recipe).settings;
    for (const id of ADVANCED_IDS)
      if (isOfPicture(id) && this.isTaken(id)) settings.advanced.set(id, said[id] ?? ADVANCED_DEFAULTS[id] ?? null);
  }

  #compare(): { changes: Change[]; notes: Note[] } {
    if (!this.#found) return { changes: [], notes: [] };
    const { settings } = this.#parts;
    const model = this.#model ?? settings.model;
    return diffRecipe(settings.toDraft(), this.#found.recipe, model.size);
  }

  /** @param ticks  the lines can be ticked */
  #explain(ticks: boolean): Note[] {
    if (!this.#found) return [];
    const missing = missingModel(this.#found.recipe, this.#model, this.#parts.settings);
    const size = ticks ? sizeNote(this.#sizeLeft, this.#painter) : undefined;
    const first = [missing, size].filter((note) => note !== undefined);
    return [...first, ...this.#found.notes, ...this.#diff.notes, ...this.#control.notes];
  }
}

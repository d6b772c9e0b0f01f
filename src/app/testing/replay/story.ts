/** A story of a visit or several: what the person does and what goes wrong, drawn from a seed. */
import { AppError } from '../../../core/errors';
import { createGalleryStore } from '../../../platform/storage/gallery-store';
import { createPackStore } from '../../../platform/storage/pack-store';
import { memoryLocks } from '../../../platform/storage/testing/memory';
import { remaining } from '../../state/line/job';
import type { Picture } from '../../state/pictures/picture';
import { Ledger, seedsOf } from './ledger';
import { FAR, SHARDS } from './site';
import { Computer, openReplayTab, type Tab } from './tab.svelte';
import { Life, type World } from './world';

export const KILLS = ['tab', 'closed tab', 'engine', 'library', 'browser', 'power'] as const;
export type Kill = (typeof KILLS)[number];

export interface Told {
  kills: Record<Kill, number>;
  /** Those that were kept in the end. */
  pictures: number;
  tabs: number;
  problems: string[];
}

const KILLS_A_STORY = 5;
const MOST_TABS = 3;
/** How far the seeds of requests lie apart: more than the pictures that are asked for at once. */
const APART = 100;
/** More happens in no visit: a story that does not end by then hangs. */
const ENDLESS = 40_000;

export async function tellStory(world: World): Promise<Told> {
  const story = new Story(world);
  for (let i = 0; i < KILLS_A_STORY && story.told.problems.length === 0; i += 1) await story.chapter();
  await story.end();
  return story.told;
}

class Story {
  readonly #world: World;
  readonly #ledger = new Ledger();
  readonly #computer: Computer;
  #tabs: Tab[] = [];
  /** Lives of all tabs, also of those that are not open yet. */
  readonly #lives = new Set<Life>();
  /** Nothing is done while it is looked whether all is there. */
  #isQuiet = false;
  #lastSeed = 0;
  readonly told: Told = {
    kills: Object.fromEntries(KILLS.map((kill) => [kill, 0])) as Told['kills'],
    ...{ pictures: 0, tabs: 0, problems: [] },
  };

  constructor(world: World) {
    this.#world = world;
    this.#computer = new Computer(world, this.#ledger);
  }

  /** Opens tabs where there are too few, lets the person work, and kills something. */
  async chapter(): Promise<void> {
    const world = this.#world;
    if (this.#tabs.length === 0) {
      world.slowness = world.draw(4) === 0 ? 2 ** world.draw(13) : 1;
      await this.#open();
      // Some are killed before the page has its bearings.
      if (world.draw(4) === 0) await world.run(world.draw(60));
      else await this.#look();
      world.slowness = 1;
    }
    const spread = world.draw(2) === 0 ? 400 : 40;
    for (let i = world.draw(4) === 0 ? 0 : 3 + world.draw(8); i > 0; i -= 1)
      world.after(world.draw(spread), () => this.#act());
    for (let i = this.#tabs.length; i < MOST_TABS && world.draw(3) === 0; i += 1)
      world.after(world.draw(spread), () => void (this.#isQuiet || this.#opening()));
    if (world.draw(4) === 0) world.after(world.draw(spread), () => (world.slowness = 2 ** world.draw(13)));
    await world.run(1 + world.draw(world.draw(2) === 0 ? 250 : 60));
    this.#kill(KILLS[world.draw(KILLS.length)] as Kill);
    world.slowness = 1;
  }

  #act(): void {
    if (this.#isQuiet) return;
    const tab = this.#pick(this.#tabs);
    if (tab) this.#do(tab);
  }

  /** All is closed; one tab makes what is left, and everything is counted. */
  async end(): Promise<void> {
    this.#kill('browser');
    if (this.told.problems.length > 0) return;
    await this.#open();
    await this.#look();
    const [tab] = this.#tabs as [Tab];
    const { studio } = tab;
    let isThere = false;
    void studio.library.get(FAR).then(() => (isThere = true));
    // One that was asked for before the darkness may have opened beside it, and has a line of its own.
    for (const one of this.#tabs) one.studio.queue.resume();
    const isDone = (): boolean =>
      isThere && this.#tabs.every(({ studio: { queue } }) => !queue.current && queue.waitingCount === 0);
    await this.#world.run(ENDLESS, isDone);
    if (!isDone()) this.#say(`it does not come to an end: ${studio.queue.waitingCount} waiting, pack ${isThere}`);
    const trouble = studio.library.snapshot.transfers.flatMap(({ error }) => error?.message ?? []);
    await this.#lookAtPacks(true, trouble);
    const made = await this.#made();
    this.told.pictures = made.length;
    this.#say(...this.#ledger.complain({ made, line: this.#line() }));
    this.#kill('closed tab');
  }

  /** Opens a tab after a dark time. One that is still opening has read what the last one wrote over: it is gone with it. */
  async #open(): Promise<void> {
    for (const life of this.#lives) life.end();
    this.#lives.clear();
    let isOpen = false;
    void this.#opening().then(() => (isOpen = true));
    await this.#world.run(ENDLESS, () => isOpen);
    if (!isOpen) this.#say('the page does not open');
  }

  /** A tab is killed with all others, also while it opens. */
  async #opening(): Promise<void> {
    const life = new Life();
    this.#lives.add(life);
    const tab = await openReplayTab(this.#computer, life);
    this.#tabs.push(tab);
    this.told.tabs += 1;
  }

  /** What the first tab after a dark time finds. */
  async #look(): Promise<void> {
    const [tab] = this.#tabs;
    if (!tab) return;
    this.#isQuiet = true;
    await this.#lookAt(tab);
    this.#isQuiet = false;
  }

  async #lookAt({ studio }: Tab): Promise<void> {
    const isReady = (): boolean =>
      studio.line.isKept && !studio.line.hasOthers && studio.gallery.isLoaded && studio.library.isReady;
    await this.#world.run(ENDLESS, isReady);
    // What a slow disk tells late is there by then.
    const until = this.#world.now + 30_000;
    await this.#world.run(ENDLESS, () => this.#world.now > until);
    if (!isReady()) return this.#say('the line is not taken up');
    this.#say(...this.#ledger.complain({ made: await this.#made(), line: this.#line() }));
    const { prompt, steps } = studio.settings;
    const found = this.#ledger.formOf({ prompt, steps });
    const promised = Math.max(this.#ledger.durableForm, this.#ledger.copiedForm);
    if (found < promised) this.#say(`the form is number ${found} (${prompt}), and ${promised} was kept`);
    await this.#lookAtPacks(false);
  }

  /** What waits in all tabs that are open. */
  #line(): number[] {
    return this.#tabs.flatMap((tab) => seedsOf(tab.studio.queue.toStored()));
  }

  async #made(): Promise<number[]> {
    const life = new Life();
    const store = createGalleryStore<Omit<Picture, 'id'>>(() => this.#computer.pictures.factory(life));
    const seeds: number[] = [];
    const problems: string[] = [];
    const read = async (): Promise<void> => {
      const ids: number[] = [];
      await store.list((page) => {
        for (const { id, request, isRemoved } of page) {
          ids.push(id);
          if (!isRemoved) seeds.push(Number(request.seed));
        }
      });
      for (const id of ids)
        if (!(await store.file(id)) || !(await store.thumbnail(id))) problems.push(`picture no. ${id} has no file`);
    };
    await this.#await(read());
    this.#say(...problems);
    return seeds;
  }

  async #lookAtPacks(isEnd: boolean, trouble: readonly string[] = []): Promise<void> {
    const { packs, downloads } = this.#computer;
    const shelf = createPackStore({ values: packs.for(new Life()), locks: memoryLocks() });
    const problems: string[] = [];
    const read = async (): Promise<void> => {
      const all = await shelf.list();
      if ((this.#ledger.hasPack || isEnd) && all.length === 0) problems.push(`the model is lost ${trouble.join()}`);
      for (const { pack } of all)
        for (const { file, blob } of (await shelf.blobs(pack.id)).shards) {
          const bytes = new Uint8Array(await blob.arrayBuffer());
          const wanted = SHARDS.get(file);
          if (bytes.length !== wanted?.length || bytes.some((byte, i) => byte !== wanted[i]))
            problems.push(`${file} of the model is damaged`);
        }
    };
    await this.#await(read().catch((error: unknown) => void problems.push(`the model is broken: ${String(error)}`)));
    const chunks = downloads.keys.filter((key) => key.startsWith('part:'));
    if (isEnd && chunks.length > 0) problems.push(`chunks are left: ${chunks.join()}`);
    this.#say(...problems);
  }

  async #await(work: Promise<void>): Promise<void> {
    let isDone = false;
    void work.finally(() => (isDone = true));
    await this.#world.run(ENDLESS, () => isDone);
    if (!isDone) this.#say('the storage does not answer');
  }

  #kill(kill: Kill): void {
    const [ledger, world] = [this.#ledger, this.#world];
    const tab = this.#pick(this.#tabs);
    if (!tab) return;
    this.told.kills[kill] += 1;
    if (kill === 'engine') {
      // It dies again where it is started again, for a while: then the person is asked.
      if (world.draw(2) === 0) {
        tab.engine.failure = new AppError('stopped', 'The browser ended it.');
        world.after(world.draw(50), () => (tab.engine.failure = undefined));
      }
      return tab.engine.die();
    }
    if (kill === 'library') return tab.killLibrary();
    if (kill === 'closed tab') tab.hide();
    const isAll = kill === 'browser' || kill === 'power';
    for (const one of isAll ? this.#tabs : [tab]) {
      // What waits in a tab that has no name yet is kept by nobody.
      if (!one.studio.line.isKept) ledger.excuse(seedsOf(one.studio.queue.toStored()));
    }
    for (const life of isAll ? this.#lives : [tab.life]) {
      life.end();
      this.#lives.delete(life);
    }
    this.#tabs = this.#tabs.filter(({ life }) => !life.isOver);
    if (!isAll) return;
    this.#computer.copies.fallBack();
    ledger.forgetCopies();
    if (kill !== 'power') return;
    ledger.hasPack = false;
    for (const values of [this.#computer.packs, this.#computer.downloads, this.#computer.adapters]) values.fallBack();
  }

  /** One thing that a person does. */
  #do({ studio }: Tab): void {
    const ledger = this.#ledger;
    const { queue, gallery, library } = studio;
    const now = queue.job;
    const current = now && remaining(now) > 0 ? [Number(now.request.seed) + now.done] : [];
    const waiting = queue.waiting[0];
    const picture = this.#pick(gallery.pictures);
    const seedOf = ({ request }: Picture): number => Number(request.seed);
    const deeds: (() => void)[] = [
      () => this.#type(studio),
      () => this.#type(studio),
      () => this.#ask(studio),
      () => this.#ask(studio),
      () => this.#ask(studio),
      () => queue.resume(),
      () => (ledger.excuse(current), queue.skip()),
      () => (ledger.excuse(current), studio.cancel()),
      () => studio.offers.takeBack(),
      () => {
        if (!waiting) return;
        ledger.excuse(seedsOf([waiting]));
        studio.forgetJob(waiting.id);
      },
      () => {
        if (!picture) return;
        ledger.mayBeGone.add(seedOf(picture));
        void gallery.remove([picture.id]);
      },
      () => void gallery.bringBack(),
      () => void gallery.forgetRemoved(),
      () => void (picture && gallery.setFavourite([picture.id], true)),
      () => this.#get(studio),
      () => this.#get(studio),
      () => void library.pause(FAR.id),
    ];
    this.#pick(deeds)?.();
  }

  #type({ settings }: Tab['studio']): void {
    const form = { prompt: `words ${this.#ledger.typed.length}`, steps: 1 + this.#world.draw(3) };
    this.#ledger.type(form);
    Object.assign(settings, form);
  }

  #ask(studio: Tab['studio']): void {
    const failed = studio.queue.failure?.job;
    if (failed) this.#ledger.excuse([Number(failed.request.seed) + failed.done]);
    const count = 1 + this.#world.draw(3);
    const seed = (this.#lastSeed += APART);
    if (!studio.enqueue({ ...studio.settings.toRequest(), seed }, { count })) return;
    this.#ledger.ask(Array.from({ length: count }, (_, i) => seed + i));
  }

  #get({ library }: Tab['studio']): void {
    void library.get(FAR).then(() => {
      if (library.snapshot.models.some(({ id }) => id === FAR.id)) this.#ledger.hasPack = true;
    });
  }

  #pick<T>(all: readonly T[]): T | undefined {
    return all[this.#world.draw(all.length)];
  }

  #say(...problems: string[]): void {
    this.told.problems.push(...problems);
  }
}

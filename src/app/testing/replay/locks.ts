/** Web Locks and a channel between tabs. */
import type { Life, World } from './world';

interface Asked {
  name: string;
  isShared: boolean;
  life: Life;
  grant: () => void;
}

/** `navigator.locks` of all tabs: they go with whoever holds them. */
export class SharedLocks {
  readonly #world: World;
  #held: Asked[] = [];
  #waiting: Asked[] = [];

  constructor(world: World) {
    this.#world = world;
  }

  for(life: Life): Pick<LockManager, 'request' | 'query'> {
    life.onEnd(() => {
      this.#held = this.#held.filter((one) => one.life !== life);
      this.#waiting = this.#waiting.filter((one) => one.life !== life);
      this.#grant();
    });
    const request = (
      name: string,
      ...rest: [LockOptions, LockGrantedCallback<unknown>] | [LockGrantedCallback<unknown>]
    ) => {
      const [options, use] = rest.length === 2 ? rest : [{} as LockOptions, rest[0]];
      return new Promise((resolve, reject) => {
        const asked: Asked = { name, isShared: options.mode === 'shared', life, grant: () => run(asked) };
        const run = (lock: Asked | null): void =>
          this.#world.soon(() => {
            if (life.isOver) return;
            const used = Promise.resolve(use(lock as Lock | null)).finally(() => {
              this.#held = this.#held.filter((one) => one !== asked);
              this.#grant();
            });
            used.then(resolve, reject);
          });
        if (options.ifAvailable && !this.#isFree(asked)) return run(null);
        this.#waiting.push(asked);
        this.#grant();
      });
    };
    const query = () => this.#world.answer(() => ({ held: this.#held.map(({ name }) => ({ name })), pending: [] }));
    return life.gate({ request, query }) as unknown as Pick<LockManager, 'request' | 'query'>;
  }

  #isFree({ name, isShared }: Asked): boolean {
    const others = this.#held.filter((one) => one.name === name);
    return others.every((one) => one.isShared && isShared);
  }

  #grant(): void {
    for (const asked of [...this.#waiting]) {
      const isBehind = this.#waiting.some((one) => one !== asked && one.name === asked.name && !one.isShared);
      if (!this.#isFree(asked) || (isBehind && this.#waiting.find(({ name }) => name === asked.name) !== asked))
        continue;
      this.#waiting = this.#waiting.filter((one) => one !== asked);
      this.#held.push(asked);
      asked.grant();
    }
  }
}

/** A BroadcastChannel: what one says, the others hear a little later. */
export class Channel<News> {
  readonly #world: World;
  #ears: { life: Life; hear: (news: News) => void }[] = [];

  constructor(world: World) {
    this.#world = world;
  }

  /** @returns says something to the others */
  join(life: Life, hear: (news: News) => void): (news: News) => void {
    const ear = { life, hear };
    this.#ears.push(ear);
    life.onEnd(() => (this.#ears = this.#ears.filter((one) => one !== ear)));
    return (news) => {
      if (life.isOver) return;
      const copy = structuredClone(news);
      for (const other of this.#ears)
        if (other !== ear) this.#world.soon(() => void (other.life.isOver || other.hear(structuredClone(copy))));
    };
  }
}

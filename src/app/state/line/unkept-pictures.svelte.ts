/** Pictures that are shown while their storage has not answered yet: the line names them until it is known that they are kept. */
import type { StoredJob } from './job';
import { besideRequest, type Work } from './work';

/** One picture on its way into the storage. */
export interface Keeping {
  /** The line that is kept together with the picture: from then on it is not known which of the two lines holds. */
  lineWith: (line: readonly StoredJob[]) => StoredJob[];
  /** It is known: the picture is kept, or will not be. */
  settle: () => void;
  /** It is shown; where it is not settled by now, the line names it. */
  shown: () => void;
}

export class UnkeptPictures {
  #jobs = $state.raw<readonly StoredJob[]>([]);
  /** Transactions of pictures with their lines that are under way. */
  #undecided = $state(0);

  get jobs(): readonly StoredJob[] {
    return this.#jobs;
  }

  /** Which line is kept is not known: it is not to be written. */
  get isUndecided(): boolean {
    return this.#undecided > 0;
  }

  begin(work: Work): Keeping {
    const job: StoredJob = { request: work.request, count: 1, done: 0, ...besideRequest(work), isShown: true };
    let [isSettled, isUndecided] = [false, false];
    return {
      lineWith: (line) => {
        if (!isUndecided) this.#undecided += 1;
        isUndecided = true;
        return line.filter((one) => one !== job);
      },
      settle: () => {
        if (isUndecided) this.#undecided -= 1;
        [isSettled, isUndecided] = [true, false];
        this.#jobs = this.#jobs.filter((one) => one !== job);
      },
      shown: () => {
        if (!isSettled) this.#jobs = [...this.#jobs, job];
      },
    };
  }
}

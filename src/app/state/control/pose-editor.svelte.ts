/** A pose while it is edited: joints are dragged, nudged and hidden, people added, mirrored and taken out; each change can be taken back. */
import { inTenths } from '../../../core/pose/pose-text';
import { readyPerson, type ReadyPoseId } from '../../../core/pose/ready-poses';
import { MOST_PEOPLE } from '../../../core/pose/pose-json';
import { LIMBS, MIRRORED, type Joint, type Person, type Pose } from '../../../core/pose/skeleton';

export interface Chosen {
  person: number;
  joint: number;
}

interface Place {
  x: number;
  y: number;
}

const MOST_STEPS = 200;

export class PoseEditor {
  #pose = $state.raw<Pose>({ width: 1, height: 1, people: [] });
  #past = $state.raw<readonly Pose[]>([]);
  #future = $state.raw<readonly Pose[]>([]);
  /** The pose that a drag began with. */
  #before: Pose | undefined;
  readonly #start: Pose;
  chosen = $state.raw<Chosen>({ person: 0, joint: 0 });

  /** @param start  at least one person */
  constructor(start: Pose) {
    this.#start = start;
    this.#pose = start;
  }

  get pose(): Pose {
    return this.#pose;
  }
  get canUndo(): boolean {
    return this.#past.length > 0;
  }
  get canRedo(): boolean {
    return this.#future.length > 0;
  }
  /** The pose differs from the one it began with. */
  get isChanged(): boolean {
    return this.#pose !== this.#start;
  }
  get canAdd(): boolean {
    return this.#pose.people.length < MOST_PEOPLE;
  }
  get joint(): Joint | undefined {
    return this.#pose.people.at(this.chosen.person)?.at(this.chosen.joint);
  }

  begin(): void {
    this.#before = this.#pose;
  }
  /** Ends a step of undo: all drags since the last end are one step. */
  end(): void {
    const before = this.#before;
    this.#before = undefined;
    if (before && before !== this.#pose) this.#keep(before);
  }
  /** Takes back a drag that turned out to be a pinch: a second finger came down. */
  giveUp(): void {
    if (this.#before) this.#pose = this.#before;
    this.#before = undefined;
  }

  moveJoint(at: Chosen, { x, y }: Place): void {
    this.#put(at, (joint) => ({ ...joint, x: inTenths(x), y: inTenths(y) }));
  }

  movePerson(person: number, by: Place): void {
    this.#setPerson(person, (joints) =>
      joints.map((one) => ({ ...one, x: inTenths(one.x + by.x), y: inTenths(one.y + by.y) })),
    );
  }

  setHidden(at: Chosen, isHidden: boolean): void {
    this.#step(() => this.#put(at, ({ x, y }) => ({ x, y, ...(isHidden && { isHidden }) })));
  }

  /** Changes the pose as one step of undo. */
  nudge(at: Chosen, by: Place): void {
    const joint = this.#pose.people.at(at.person)?.at(at.joint);
    if (joint) this.#step(() => this.moveJoint(at, { x: joint.x + by.x, y: joint.y + by.y }));
  }

  /** Makes the person larger or smaller, about their middle. */
  scale(person: number, factor: number): void {
    this.#step(() =>
      this.#setPerson(person, (joints) => {
        const middle = middleOf(joints);
        return joints.map((one) => ({
          ...one,
          x: inTenths(middle.x + factor * (one.x - middle.x)),
          y: inTenths(middle.y + factor * (one.y - middle.y)),
        }));
      }),
    );
  }

  /** Mirrors the person about their middle: right becomes left. */
  mirror(person: number): void {
    this.#step(() =>
      this.#setPerson(person, (joints) => {
        const { x: middle } = middleOf(joints);
        return MIRRORED.map((from) => ({ ...joints[from], x: inTenths(2 * middle - joints[from].x) }));
      }),
    );
  }

  add(id: ReadyPoseId): void {
    if (!this.canAdd) return;
    const { people } = this.#pose;
    // Beside those who are there: middle, right, left, and so on.
    const across = [0.5, 0.75, 0.25, 0.62, 0.38][people.length % 5];
    this.#step(() => (this.#pose = { ...this.#pose, people: [...people, readyPerson(id, this.#pose, across)] }));
    this.chosen = { person: people.length, joint: 0 };
  }

  /** Gives a person one of the ready poses, where the person stands. */
  setReady(person: number, id: ReadyPoseId): void {
    this.#step(() =>
      this.#setPerson(person, (joints) => readyPerson(id, this.#pose, middleOf(joints).x / this.#pose.width)),
    );
  }

  remove(person: number): void {
    this.#step(() => (this.#pose = { ...this.#pose, people: this.#pose.people.filter((_, i) => i !== person) }));
    this.chosen = { person: Math.max(0, person - 1), joint: 0 };
  }

  reset(): void {
    this.replace({ ...this.#pose, people: [readyPerson('standing', this.#pose)] });
  }

  replace(pose: Pose): void {
    this.#step(() => (this.#pose = pose));
    this.chosen = { person: 0, joint: 0 };
  }

  undo(): void {
    const last = this.#past.at(-1);
    if (!last) return;
    [this.#past, this.#future, this.#pose] = [this.#past.slice(0, -1), [this.#pose, ...this.#future], last];
    this.#settle();
  }
  redo(): void {
    const [next, ...later] = this.#future;
    if (!next) return;
    [this.#past, this.#future, this.#pose] = [[...this.#past, this.#pose], later, next];
    this.#settle();
  }

  /** The nearest joint that is shown within reach. */
  jointAt({ x, y }: Place, reach: number): Chosen | undefined {
    const all = this.#pose.people.flatMap((joints, person) =>
      joints.map((one, joint) => ({ person, joint, far: one.isHidden ? Infinity : Math.hypot(one.x - x, one.y - y) })),
    );
    const near = all.filter(({ far }) => far <= reach).sort((a, b) => a.far - b.far);
    return near[0] && { person: near[0].person, joint: near[0].joint };
  }

  /** Whose limb lies within reach. */
  personAt(at: Place, reach: number): number | undefined {
    const found = this.#pose.people.findLastIndex((joints) =>
      LIMBS.some(
        ([from, to]) =>
          !joints[from].isHidden && !joints[to].isHidden && distance(at, joints[from], joints[to]) <= reach,
      ),
    );
    return found === -1 ? undefined : found;
  }

  #put({ person, joint }: Chosen, change: (joint: Joint) => Joint): void {
    this.#setPerson(person, (joints) => joints.map((one, i) => (i === joint ? change(one) : one)));
  }

  #setPerson(person: number, change: (joints: Person) => Person): void {
    const people = this.#pose.people.map((joints, i) => (i === person ? change(joints) : joints));
    this.#pose = { ...this.#pose, people };
  }

  #step(change: () => void): void {
    const before = this.#pose;
    change();
    this.#keep(before);
  }

  #keep(before: Pose): void {
    this.#past = [...this.#past, before].slice(-MOST_STEPS);
    this.#future = [];
  }

  #settle(): void {
    if (!this.joint) this.chosen = { person: 0, joint: 0 };
  }
}

/** Middle of the joints that are shown; of all where none is shown. */
function middleOf(joints: Person): Place {
  const shown = joints.filter(({ isHidden }) => !isHidden);
  const all = shown.length > 0 ? shown : joints;
  const middle = (values: number[]): number => (Math.min(...values) + Math.max(...values)) / 2;
  return { x: middle(all.map(({ x }) => x)), y: middle(all.map(({ y }) => y)) };
}

/** How far a point is from the line between two others. */
function distance({ x, y }: Place, a: Place, b: Place): number {
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const part = Math.min(1, Math.max(0, ((x - a.x) * dx + (y - a.y) * dy) / (dx * dx + dy * dy || 1)));
  return Math.hypot(x - a.x - part * dx, y - a.y - part * dy);
}

/** What the advanced controls hold, as typed, right or wrong; what they say in a request. */
import { isHonoured, type Choice } from '../../../core/recipe/has-effect';
import { ALONE_WITH_MASK, fieldProblem, shrinkProblem } from '../../../core/recipe/problems';
import { tilingProblem } from '../../../core/recipe/tiling-field';
import { usualStrength } from '../../../core/redraw/usual-tiles';
import { ADVANCED_DEFAULTS, ADVANCED_IDS, type AdvancedId, type AdvancedSettings } from '../../../core/recipe/request';

/** A number is null while its control is empty, NaN while something else stands in it. */
export type AdvancedDraft = number | string | boolean | null;

export class Advanced {
  readonly #choice: () => Choice;
  readonly #usual: () => Partial<AdvancedSettings>;
  #drafts = $state(defaults());

  /** Those that have an effect with the sampler and the schedule chosen, in the table's order. */
  readonly honoured: readonly AdvancedId[] = $derived.by(() => {
    const choice = this.#choice();
    const hasHires = choice.hasHires ?? Number(this.#drafts.hiresScale) > 1;
    const hasRefiner = choice.hasRefiner ?? this.#drafts.refinerCheckpoint !== 'none';
    const hasTiles = choice.hasTiles ?? this.#drafts.tiledMethod !== 'none';
    const hasFreeu = choice.hasFreeu ?? this.#drafts.freeu !== 'none';
    const hasSag = choice.hasSag ?? this.#drafts.sagScale !== 0;
    const hasShrink = choice.hasShrink ?? this.#drafts.shrinkBlock !== 0;
    const hasDynthres = choice.hasDynthres ?? this.#drafts.dynthres !== 'none';
    const { redraw, seamFix } = this.#drafts;
    const shapes = { hasHires, hasRefiner, hasTiles, hasFreeu, hasSag, hasShrink, hasDynthres };
    const has = { redraw, seamFix, ...choice, ...shapes };
    return ADVANCED_IDS.filter((id) => isHonoured(id, has));
  });
  /** Those of the honoured settings that differ from what is usual with the model. */
  readonly changed: readonly AdvancedId[] = $derived(this.honoured.filter((id) => this.isChanged(id)));
  /** One sentence for each of the honoured settings that is wrong. */
  readonly problems: Partial<Record<AdvancedId, string>> = $derived.by(() => this.#findProblems());

  /**
   * @param choice  asked whenever it may have changed
   * @param usual  what the model likes where that is not the default
   */
  constructor(choice: () => Choice, stored: unknown, usual: () => Partial<AdvancedSettings> = () => ({})) {
    this.#choice = choice;
    this.#usual = usual;
    this.restore(stored);
  }

  get(id: AdvancedId): AdvancedDraft {
    return this.#drafts[id];
  }

  set(id: AdvancedId, draft: AdvancedDraft): void {
    const isBegun = id === 'redraw' && this.#drafts.redraw === 'none' && draft !== 'none';
    if (isBegun && !this.#isSaid('denoisingStrength')) this.#drafts.denoisingStrength = usualStrength(this.#choice());
    this.#drafts[id] = draft;
  }

  /** All settings as typed. */
  get drafts(): Record<AdvancedId, AdvancedDraft> {
    return { ...this.#drafts };
  }

  setAll(drafts: Record<AdvancedId, AdvancedDraft>): void {
    this.#drafts = { ...drafts };
  }

  /** What a request says; the default where it says nothing. */
  useRequest(request: Partial<AdvancedSettings>): void {
    this.#drafts = { ...defaults(), ...toDrafts(request) };
  }

  reset(id: AdvancedId): void {
    this.#drafts[id] = this.#usual()[id] ?? defaults()[id];
  }

  /** What is usual with the model where that is not the default. */
  useUsual(): void {
    Object.assign(this.#drafts, this.#usual());
  }

  isChanged(id: AdvancedId): boolean {
    return this.#drafts[id] !== (this.#usual()[id] ?? defaults()[id]);
  }

  /** What differs from its default and has an effect; to be asked only while `problems` is empty. */
  toRequest(): Partial<AdvancedSettings> {
    return Object.fromEntries(this.honoured.filter(this.#isSaid).map((id) => [id, this.#drafts[id]]));
  }

  /** What differs from its default and is sound, with or without an effect now. */
  toStored(): Partial<Record<AdvancedId, AdvancedDraft>> {
    const kept = ADVANCED_IDS.filter((id) => this.#isSaid(id) && isSound(id, this.#drafts[id]));
    return Object.fromEntries(kept.map((id) => [id, this.#drafts[id]]));
  }

  readonly #isSaid = (id: AdvancedId): boolean => this.#drafts[id] !== defaults()[id];

  #findProblems(): Partial<Record<AdvancedId, string>> {
    const problems: Partial<Record<AdvancedId, string>> = {};
    for (const id of this.honoured) {
      const problem = problemOf(id, this.#drafts[id]);
      if (problem) problems[id] = problem;
    }
    const pair = shrinkProblem(this.#drafts);
    if (pair) problems.shrinkBlock ??= pair;
    const isAlone = this.honoured.includes('hiresAlone') && this.#drafts.hiresAlone === true;
    if (isAlone && this.#choice().hasMask === true) problems.hiresAlone ??= ALONE_WITH_MASK;
    const edges = tilingProblem({ ...this.#drafts, redraw: this.#choice().hasPicture ? this.#drafts.redraw : 'none' });
    if (edges) problems.tiling ??= edges;
    return problems;
  }

  /** What was kept, as `toStored` has it: what is at its default is not among it. */
  restore(stored: unknown): void {
    if (typeof stored !== 'object' || stored === null) return;
    for (const id of ADVANCED_IDS) {
      const value: unknown = Object.hasOwn(stored, id) ? (stored as Record<string, unknown>)[id] : undefined;
      if (isSound(id, value)) this.#drafts[id] = value;
      else if (this.#usual()[id] !== undefined) this.#drafts[id] = defaults()[id];
    }
  }
}

function toDrafts(request: Partial<AdvancedSettings>): Partial<Record<AdvancedId, AdvancedDraft>> {
  const said = ADVANCED_IDS.filter((id) => isSound(id, request[id]));
  return Object.fromEntries(said.map((id) => [id, request[id] ?? null]));
}

function defaults(): Record<AdvancedId, AdvancedDraft> {
  const entries = ADVANCED_IDS.map((id) => [id, ADVANCED_DEFAULTS[id] ?? null]);
  return Object.fromEntries(entries) as Record<AdvancedId, AdvancedDraft>;
}

/** Nothing typed is fine where the sampler or the schedule then takes its own value. */
function problemOf(id: AdvancedId, draft: AdvancedDraft): string | undefined {
  const isUnset = draft === null && ADVANCED_DEFAULTS[id] === undefined;
  return isUnset ? undefined : fieldProblem(id, draft);
}

function isSound(id: AdvancedId, value: unknown): value is number | string | boolean {
  return value !== undefined && fieldProblem(id, value) === undefined;
}

/** What a word or phrase of a prompt means to the reader. */
export type Meaning =
  | { kind: 'subject'; subject: string; isPlural?: boolean }
  /** `subject`: what the word names where nothing else does ("une rose"). */
  | { kind: 'colour'; colour: string; shade?: string; subject?: string }
  | { kind: 'style'; style: string }
  | { kind: 'size'; size: 'small' | 'big' }
  | { kind: 'count'; count: number }
  | { kind: 'background' }
  /** `backwards`: the second is named first, as in "right of". */
  | { kind: 'relation'; relation: string; backwards?: boolean }
  | { kind: 'scene'; scene: string; background: string }
  /** Where in the picture it stands: "on the left". */
  | { kind: 'place'; place: string }
  /** Ends a phrase: what follows belongs to something else. */
  | { kind: 'stop' }
  /** Says nothing. `isNamed`: worth naming among what is left out. */
  | { kind: 'filler'; isNamed: boolean }
  | { kind: 'unknown' };

export interface Heard {
  /** The words as typed. */
  words: string;
  meaning: Meaning;
  /** The model was taught these very words. */
  isKnown: boolean;
}

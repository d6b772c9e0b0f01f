/** The prompt language in ten lines, for the help beside the prompt. @see core/prompt, which reads it */

export const PROMPT_SYNTAX = [
  { example: '(word:1.2)', means: 'More weight; below 1: less.' },
  { example: '(word)  [word]', means: '1.1 times the weight, or divided by 1.1; more brackets do it again.' },
  { example: '\\(word\\)', means: 'Brackets that are only text.' },
  {
    example: '[cat:dog:0.5]',
    means: 'A cat for the first half of the steps, then a dog; a whole number counts steps.',
  },
  { example: '[dog:0.5]  [cat::0.5]', means: 'Comes half-way; goes half-way.' },
  { example: '[cat|dog]', means: 'Takes turns, step by step.' },
  { example: 'a cat AND a dog:0.8', means: 'Both prompts guide the picture at once, the second less.' },
  { example: 'a cat BREAK a dog', means: 'Begins a new chunk of 75 tokens.' },
  { example: '<lora:name:0.8>', means: 'A LoRA by its name, at this strength.' },
  { example: '# note', means: 'A comment, to the end of the line.' },
] as const;

/** What is drawn anew for each picture, whatever reads the prompt. @see core/wildcards */
export const DRAWN_SYNTAX = [
  { example: '{red|blue}', means: 'One of them, drawn anew for each picture; {2::red|blue}: red twice as often.' },
  { example: '{2$$ and $$a|b|c}', means: 'Two of them, with “ and ” between.' },
  { example: '__name__', means: 'A line of your list of that name: see Wildcards under Styles.' },
] as const;

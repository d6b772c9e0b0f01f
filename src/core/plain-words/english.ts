/** English as strangers write it to a picture maker: everything but the subjects. */
import type { Meaning } from './meanings';

const split = (words: string): string[] => words.split(',').map((word) => word.trim());
const each = (words: string, meaning: Meaning): [string, Meaning][] => split(words).map((word) => [word, meaning]);
const size = (size: 'small' | 'big', words: string): [string, Meaning][] => each(words, { kind: 'size', size });
const count = (count: number, words: string): [string, Meaning][] => each(words, { kind: 'count', count });
const colour = (colour: string, words: string): [string, Meaning][] => each(words, { kind: 'colour', colour });
const relation = (relation: string, words = relation, backwards = false): [string, Meaning][] =>
  each(words, { kind: 'relation', relation, ...(backwards && { backwards }) });
const place = (place: string, words = place): [string, Meaning][] => each(words, { kind: 'place', place });
const scene = (scene: string, background: string, words = scene): [string, Meaning][] =>
  each(words, { kind: 'scene', scene, background });

/** Words that mean nothing here: left out without a note. */
const SILENT = `a, an, the, of, some, this, that, these, those, its, it, is, are, was, with, in, at, by, on, to, for, from, into, as, my, your, his, her, their,
  me, i, you, we, he, she, they, be, there, here, which, who, very, so, really, just, please, want, like, would, can, could, have, has, had, having, make,
  made, give, let, draw, paint, show, create, generate, render, one, single, s`;

/** Wishes that the model cannot meet: named where they are left out. */
const FILLER = `photo, photograph, photography, picture, image, drawing, painting, illustration, sketch, portrait, closeup, close-up, icon, logo, emoji, clip art,
  art, artwork, style, oil painting, watercolor, watercolour, digital art, concept art, pixel art, anime, manga, cartoon, comic, vector, 3d, render, rendering, poster,
  card, sticker, wallpaper, scene, view, landscape, highly detailed, detailed, detail, details, masterpiece, best quality, high quality, quality,
  best, high, highly, 4k, 8k, hd, uhd, hdr, realistic, photorealistic, hyperrealistic, ultra, professional, cinematic, lighting, studio, sharp, focus, trending, artstation,
  bokeh, minimalist, isolated, colorful, colourful, intricate, unreal engine, octane, dramatic, vibrant, aesthetic, fantasy, epic, solo`;

/** What may be said of a subject that the model cannot show. */
const ADJECTIVES = `cute, beautiful, nice, funny, pretty, lovely, adorable, happy, sad, old, new, young, shiny, shining, fluffy, simple, sweet, cool, fancy, strange, magic,
  magical, wild, baby, fresh, great, friendly, angry, sleeping, sleepy, smiling, laughing, crying, running, flying, jumping, dancing, swimming, sitting, standing, walking, wooden,
  metal, golden, silver, glass, plastic, stone, dark, bright, light, warm, cold, hot, wet, dry, round, square, long, short, tall, fat, thin, fast, slow, broken, open,
  closed, ancient, modern, vintage, retro, futuristic, cyberpunk, steampunk, majestic, mysterious, fierce, evil, good, bad, delicious, tasty, juicy, ripe, half, whole, beautifully,
  striped, spotted, furry, hairy, electric, royal, american, japanese, italian, english, french, chinese, neon, glowing, sparkling, transparent`;

/** Words that tell a text is English: things that are no subject of the model. */
const THINGS = `man, woman, boy, girl, child, kid, people, person, lady, guy, knight, king, queen, princess, prince, wizard, witch, soldier, warrior, hair, eyes, face, hand, hands,
  head, body, table, wall, window, floor, water, forest, wood, armor, armour, sword, tower, bridge, road, river, lake, shop, store, school, office, building, kitchen,
  flower, flowers, leaf, fruit, food, animal, toy, hello, hi, number, letter, word, text, name, sign, flag, map, birthday, party, wedding, summer, spring, autumn, morning, evening, day,
  red-haired, blond, blonde, eating, and, or, not, no, but, all, what, where, about, out, up, down, off, only, more, most, other, another, breathing, shape, shaped,
  part, side, set, piece, kind, type, background, dress, coat, cloak, company, design, world, time, life, love, dream, family, friend, friends, couple, team, band`;

const TABLE: [string, Meaning][] = [
  ...each(SILENT, { kind: 'filler', isNamed: false }),
  ...each(FILLER, { kind: 'filler', isNamed: true }),
  ...each(ADJECTIVES, { kind: 'filler', isNamed: true }),
  ...each(THINGS, { kind: 'unknown' }),
  ...size('small', 'small, tiny, little, mini, miniature'),
  ...size('big', 'big, large, huge, giant, enormous, gigantic, massive'),
  ...count(2, 'two, 2, a pair of, a couple of, pair of, couple of, both, twin'),
  ...count(3, 'three, 3'),
  ...count(4, 'four, 4, five, 5, six, 6, seven, 7, eight, 8, nine, 9, ten, 10, a dozen, dozen, hundred, thousand'),
  ...count(
    4,
    'many, several, multiple, lots of, a lot of, few, a few, a bunch of, bunch of, a group of, group of, a flock of, flock of, a herd of, herd of, crowd of',
  ),
  ...colour('red', 'red, crimson, scarlet, ruby, maroon, reddish'),
  ...colour('green', 'green, emerald, lime, olive, greenish'),
  ...colour('blue', 'blue, navy, azure, turquoise, cyan, teal, bluish'),
  ...colour('yellow', 'yellow, gold, yellowish'),
  ...colour('purple', 'purple, violet, lilac, lavender, indigo'),
  ...colour('pink', 'pink, magenta, rosy'),
  ...colour('grey', 'grey, gray'),
  ...colour('brown', 'brown, beige, tan'),
  ...['orange', 'black', 'white'].flatMap((name) => colour(name, name)),
  ...each('background, backdrop, bg', { kind: 'background' }),
  ...relation('and', 'and, &, plus, with a, together with, along with'),
  ...relation('next to', 'next to, beside, besides, near'),
  ...relation('left of', 'left of, to the left of, on the left of'),
  ...relation('left of', 'right of, to the right of, on the right of', true),
  ...relation('in front of'),
  ...relation('on top of'),
  ...split(
    `wearing, wears, holding, holds, carrying, riding, rides, driving, drives, playing, plays, eating, eats, drinking, drinks, chasing, watching, reading, under, underneath,
    beneath, below, above, over, behind, between, inside, through, against, around, hugging, kissing, fighting, versus`,
  ).flatMap((word) => relation(word)),
  ...place('on the left', 'on the left, on the left side, at the left, to the left'),
  ...place('on the right', 'on the right, on the right side, at the right, to the right'),
  ...place('at the top', 'at the top, on the top'),
  ...place('at the bottom', 'at the bottom, on the bottom'),
  ...['top left', 'top right', 'bottom left', 'bottom right'].flatMap((corner) =>
    place(`in the ${corner} corner`, `in the ${corner} corner, ${corner} corner, at the ${corner}, ${corner}`),
  ),
  ...each('in the middle, in the corner, in the center, in the centre, in the foreground', {
    kind: 'filler',
    isNamed: true,
  }),
  ...scene('beach', 'yellow', 'beach, on a beach, on the beach, at the beach, seaside, sand, on the sand'),
  ...scene('desert', 'yellow', 'desert, in the desert, in a desert'),
  ...scene('mountains', 'grey', 'in the mountains, mountain landscape, in a mountain landscape'),
  ...scene(
    'sea',
    'blue',
    'sea, in the sea, by the sea, at sea, on the sea, ocean, in the ocean, underwater, in the water',
  ),
  ...scene(
    'meadow',
    'light green',
    'meadow, in a meadow, field, in a field, grass, on the grass, park, in a park, garden, in a garden',
  ),
  ...scene('forest', 'green', 'in a forest, in the forest, in the woods, in the jungle, jungle'),
  ...scene('night', 'black', 'night, at night, night sky, in the night sky, starry night, in the dark, midnight'),
  ...scene('space', 'black', 'space, in space, outer space, in outer space, galaxy, universe, cosmos'),
  ...scene('snow', 'light blue', 'snow, in the snow, winter, in winter, ice'),
  ...scene('sky', 'light blue', 'sky, in the sky, blue sky'),
  ...scene('sunset', 'orange', 'sunset, at sunset, sunrise, at sunrise, dusk, dawn, at dusk, at dawn'),
  ...scene('city', 'grey', 'city, in a city, in the city, street, in the street, on the street, on the road'),
  ...scene('room', 'brown', 'room, in a room, in the room, indoors, living room, bedroom, in the kitchen'),
];

/** Phrase → what it means. Where a phrase stands in several lines, the last one counts. */
export const ENGLISH: ReadonlyMap<string, Meaning> = new Map(TABLE);

export const NUMBER_WORDS: Readonly<Record<number, string>> = { 2: 'two', 3: 'three' };

/**
 * All subjects in sentences of strangers, in eight languages: how many name the right one. Each subject in one of the twelve
 * sentences; GESSO_MEASURE=1 takes all of them and prints the shares.
 */
import { describe, expect, it } from 'vitest';
import gesso from '../../../public/models/starter/gesso.json';
import names from '../../../public/models/starter/names.json';
import { createLanguages, createPlainReader, readNamesFile, readReaderFacts } from '.';
import { pluralOf } from './singular';

const facts = readReaderFacts(gesso, 'gesso.json');
if (!facts) throw new Error('gesso.json has no reader');
const file = readNamesFile(names, 'names.json');
const languages = createLanguages(file);
const reader = createPlainReader(facts, () => Promise.resolve(languages));

const isWhole = process.env['GESSO_MEASURE'] !== undefined;

/** "X" is the subject's name, "XX" its plural in English. */
const TEMPLATES: Record<string, readonly string[]> = {
  en: [
    'a X',
    'a photo of a X',
    'draw me a X please',
    'cute X, highly detailed, 4k, masterpiece',
    'three XX',
    'XX',
    'a small X on the left',
    'a red X on a blue background',
    'a X wearing a hat',
    'a beautiful X in the mountains at sunset',
    'I want an oil painting of an old X, trending on artstation',
    'X and a dog, cartoon style',
  ],
  de: [
    'ein X',
    'ein Foto von einem X',
    'zeichne mir bitte einen X',
    'süßer X, sehr detailliert, 4k',
    'drei X',
    'X',
    'ein kleiner X links',
    'ein roter X auf blauem Hintergrund',
    'ein X mit einem Hut',
    'ein schöner X bei Sonnenuntergang',
    'ich möchte ein Ölgemälde von einem alten X',
    'X und ein Hund',
  ],
  fr: [
    'un X',
    "une photo d'un X",
    'dessine-moi un X',
    'X mignon, très détaillé, 4k',
    'trois X',
    'X',
    'un petit X à gauche',
    'un X rouge sur fond bleu',
    'un X avec un chapeau',
    'un beau X au coucher du soleil',
    "je voudrais une peinture à l'huile d'un vieux X",
    'X et un chien',
  ],
  es: [
    'un X',
    'una foto de un X',
    'dibújame un X por favor',
    'X lindo, muy detallado, 4k',
    'tres X',
    'X',
    'un pequeño X a la izquierda',
    'un X rojo sobre fondo azul',
    'un X con sombrero',
    'un hermoso X al atardecer',
    'quiero una pintura al óleo de un X viejo',
    'X y un perro',
  ],
  pt: [
    'um X',
    'uma foto de um X',
    'desenhe um X por favor',
    'X fofo, muito detalhado, 4k',
    'três X',
    'X',
    'um pequeno X à esquerda',
    'um X vermelho em fundo azul',
    'um X com chapéu',
    'um lindo X ao pôr do sol',
    'quero uma pintura a óleo de um X velho',
    'X e um cachorro',
  ],
  ru: [
    'X',
    'фото: X',
    'нарисуй X пожалуйста',
    'милый X, высокая детализация, 4k',
    'три X',
    'один X',
    'маленький X слева',
    'красный X на синем фоне',
    'X в шляпе',
    'красивый X на закате',
    'хочу картину маслом, старый X',
    'X и собака',
  ],
  ja: [
    'X',
    'Xの写真',
    'Xを描いて',
    'かわいいX、高画質、4k',
    '三つのX',
    '一つのX',
    '左に小さなX',
    '青い背景に赤いX',
    '帽子をかぶったX',
    '夕焼けの美しいX',
    '古いXの油絵が欲しい',
    'Xと犬',
  ],
  zh: [
    '一个X',
    'X的照片',
    '请画一个X',
    '可爱的X，高清，4k',
    '三个X',
    'X',
    '左边的小X',
    '蓝色背景上的红色X',
    '戴帽子的X',
    '日落时美丽的X',
    '我想要一幅旧X的油画',
    'X和一只狗',
  ],
};

/** Plurals of the names that were taught. */
const singles = new Map<string, string[]>();
for (const name of facts.taught.keys()) singles.set(pluralOf(name), [...(singles.get(pluralOf(name)) ?? []), name]);

/** Words about place, which follow the things. */
const WHERE = new RegExp(
  ` (?:on an? (?:[a-z]+ )?[a-z]+ background|${[...facts.scenes.values()].map(({ behind }) => behind).join('|')})$`,
  'u',
);
const PLACE = new RegExp(` (?:${facts.places.join('|')})$`, 'u');

/** Whether one of the things drawn is the subject. */
function draws(text: string, subject: string): boolean {
  return text
    .toLowerCase()
    .replace(WHERE, '')
    .replace(PLACE, '')
    .split(/ and |, | wearing | next to /u)
    .some((thing) => {
      const words = thing.split(' ');
      return words.some((_, i) => {
        const phrase = words.slice(i).join(' ');
        return [phrase, ...(/^(?:two|three)$/u.test(words[0]) ? (singles.get(phrase) ?? []) : [])].some(
          (name) => facts?.taught.get(name) === subject,
        );
      });
    });
}

describe('of 284 subjects in 12 sentences', () => {
  it.each(Object.keys(TEMPLATES))(
    'at least 95 in 100 are named right in %s',
    async (language) => {
      const called = language === 'en' ? facts.subjects : file.languages[language].names.split(';').map(firstOf);
      const wrong: string[] = [];
      let count = 0;
      for (const [t, template] of TEMPLATES[language].entries())
        for (const [i, subject] of facts.subjects.entries()) {
          if (!isWhole && (i + t) % 12 !== 0) continue;
          const prompt = template.replace('XX', pluralOf(called[i])).replace('X', called[i]);
          count++;
          const reading = await reader.read(prompt);
          if (!draws(reading.draws, subject)) wrong.push(`${prompt} (${subject}) → ${reading.draws}`);
        }
      expect(count).toBe(isWhole ? 12 * 284 : 284);
      const share = 1 - wrong.length / count;
      if (isWhole) console.info(`${language}: ${(100 * share).toFixed(1)} %`, wrong);
      expect(share, wrong.join('\n')).toBeGreaterThanOrEqual(0.95);
    },
    isWhole ? 600_000 : 60_000,
  );
});

const firstOf = (listed: string): string => listed.split('|')[0];

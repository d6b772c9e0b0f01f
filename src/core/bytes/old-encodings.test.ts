/** The bytes are Python's: `text.encode(name).hex()`. */
import { describe, expect, it } from 'vitest';
import { concat } from './concat';
import { decodeOldEncoding } from './old-encodings';
import { encodeLatin1 } from './text-bytes';

const bytesOf = (hex: string) => Uint8Array.from(hex.match(/../g) ?? [], (digits) => parseInt(digits, 16));
const REST = '\nNegative prompt: mist\nSteps: 18, Sampler: Euler a, Seed: 77';

const TEXTS: readonly (readonly [name: string, hex: string, text: string])[] = [
  ['gb18030', 'd2bbd7f9caafc7c5a3acc7e5b3bfb5c4b1a1ceed', '一座石桥，清晨的薄雾'],
  ['big5', 'a440ae79a5dbbef4a141b24db1e1aabac1a1c3fa', '一座石橋，清晨的薄霧'],
  ['shift_jis', '90ce82cc8bb4814192a982cc96b681418c868dec', '石の橋、朝の霧、傑作'],
  ['euc-jp', 'c0d0a4ceb6b6a1a2c4aba4ceccb8a1a2b7e6baee', '石の橋、朝の霧、傑作'],
  ['euc-kr', 'b5b9b4d9b8ae2c20bec6c4a720bec8b0b3b0a120c0d6b4c220b0ad', '돌다리, 아침 안개가 있는 강'],
  ['windows-1251', 'cae0ece5ededfbe920eceef1f22c20f3f2f0e5edede8e920f2f3ece0ed', 'Каменный мост, утренний туман'],
  ['gb18030', 'c5aebaa22c20c3a82c20b9b72c20d3a3bba8', '女孩, 猫, 狗, 樱花'],
  ['big5', 'a46babc4', '女孩'],
  ['shift_jis', '938c8b9e', '東京'],
  ['shift_jis', '8363834383938365815b838b2c20835a815b8389815b959e', 'ツインテール, セーラー服'],
  ['shift_jis', '95978c69', '風景'],
  ['windows-1251', 'f0fbe6e8e920eaeef2', 'рыжий кот'],
  ['windows-1251', 'f8e5e4e5e2f02c20e2fbf1eeeaeee520eae0f7e5f1f2e2ee', 'шедевр, высокое качество'],
  ['windows-1251', 'e7e0f5b3e420f1eeedf6ff20ede0e420eceef0e5ec', 'захід сонця над морем'],
  ['windows-1251', 'eaf0e0f1e8e2ee20eceeece8f7e520e220e3f0e0e4e8ede0f2e0', 'красиво момиче в градината'],
  ['koi8-u', 'd2d9d6c9ca20cbcfd4', 'рыжий кот'],
  ['koi8-u', 'cbd2c1d3c9d7d9ca20dac1cdcfcb20cec120c8cfcccdc52c20dbc5c4c5d7d2', 'красивый замок на холме, шедевр'],
  ['koi8-u', 'dac1c8a6c420d3cfcec3d120cec1c420cdcfd2c5cd', 'захід сонця над морем'],
  ['ibm866', '8aa0aca5adadeba920acaee1e22c20e3e2e0a5adada8a920e2e3aca0ad', 'Каменный мост, утренний туман'],
];

/** A program that reads them as one of the others shows other words than were written. */
const OTHERS: readonly (readonly [name: string, hex: string, text: string])[] = [
  ['cp1252', '697492732061206769726c9273206472657373', 'it’s a girl’s dress'],
  ['cp1252', '612063617497646f672c20646f6e92742c20726f636b926e92726f6c6c', 'a cat—dog, don’t, rock’n’roll'],
  ['cp1252', '6974926c6c20776592766520746865799272652049926d', 'it’ll we’ve they’re I’m'],
  ['cp1252', '9341206b6e6967687492732073776f726494208520746865206b696e679273', '“A knight’s sword” … the king’s'],
  [
    'cp1252',
    '4c92e974e920e0206c92e96372616e206492756e6520666f72ea7420656e6368616e74e9652c209c75767265206492617274',
    'L’été à l’écran d’une forêt enchantée, œuvre d’art',
  ],
  ['cp1252', 'ab20556e652066656d6d65206372e9e96520706172206c92494120bb', '« Une femme créée par l’IA »'],
  [
    'cp1252',
    '45696e20736368f66e65722047617274656e2c204772f6df652c20dc6265726d75742c2084416e66fc6872756e6793',
    'Ein schöner Garten, Größe, Übermut, „Anführung“',
  ],
  ['cp1252', '4752dcdf4520415553204bd64c4e2c20c4e420d6f62c20c9c9c9c9', 'GRÜßE AUS KÖLN, Ää Öö, ÉÉÉÉ'],
  [
    'cp1252',
    '656e207661636b657220666c69636b612070e520656e20e46e672c20626ce520f6676f6e2c20736af6',
    'en vacker flicka på en äng, blå ögon, sjö',
  ],
  [
    'cp1252',
    '626ce5f86a657420706967652070e520656e20f82c2072f8646772f864206d656420666cf864652c20e6f8e5e6f8e5',
    'blåøjet pige på en ø, rødgrød med fløde, æøåæøå',
  ],
  [
    'cp1252',
    '756e206e69f16f2c206d61f1616e612c20636f72617af36e2c20bf5175e93f2c20a1c16e696d6f21',
    'un niño, mañana, corazón, ¿Qué?, ¡Ánimo!',
  ],
  [
    'cp1252',
    '6d656e696e6120e02062656972612d6d61722c20636f7261e7e36f2c20617669e36f2c2061e7e36f2c206de36573',
    'menina à beira-mar, coração, avião, ação, mães',
  ],
  [
    'cp1250',
    '7069ea6b6eb920b3b96bea2c20bff3b37479206b776961742c209c7769742c209f649f62b36f2c20a3f3649f',
    'piękną łąkę, żółty kwiat, świt, źdźbło, Łódź',
  ],
  [
    'cp1250',
    '70f8ed6c699a209e6c759d6f75e86bfd206bf9f22c2064ed766b612076206c657365',
    'příliš žluťoučký kůň, dívka v lese',
  ],
  ['cp1253', 'b8ede120fceceff1f6ef20eaeff1dff4f3e920f3f4efed20eadef0ef', 'Ένα όμορφο κορίτσι στον κήπο'],
  ['cp1253', 'f0ddf4f1e9ede720e3ddf6f5f1e12c20f0f1f9e9edde20efecdff7ebe7', 'πέτρινη γέφυρα, πρωινή ομίχλη'],
  ['cp1255', 'e9ece3e420e9f4e420e1e2ef', 'ילדה יפה בגן'],
  ['cp1255', 'e2f9f820e0e1ef20e1e1e5f7f8', 'גשר אבן בבוקר'],
  ['cp874', 'cad0bed2b9cbd4b9c2d2c1e0aae9d2', 'สะพานหินยามเช้า'],
  ['cp1256', 'ddcac7c920cce3ede1c920dded20c7e1cdcfeddec9', 'فتاة جميلة في الحديقة'],
];

describe('decodeOldEncoding', () => {
  it('does not take capitals of Windows-1251 for KOI8', () => {
    expect(decodeOldEncoding(bytesOf('cad0c0d1c8c2dbc920caced220cdc020cad0dbd8c520e820e4eeec'))).toBeUndefined();
  });

  it.each(TEXTS)('knows %s, alone and in an infotext', (_, hex, text) => {
    expect(decodeOldEncoding(bytesOf(hex))).toBe(text);
    expect(decodeOldEncoding(concat([bytesOf(hex), encodeLatin1(REST)]))).toBe(text + REST);
  });

  it.each([
    'Br\xfccke \xfcber sch\xf6ne Fl\xfcsse, \xc4sthetik, Gr\xf6\xdfe',
    'une for\xeat enchant\xe9e, \xe9t\xe9, ch\xe2teau hant\xe9',
    'un ni\xf1o, ma\xf1ana, coraz\xf3n',
    'sk\xf3g, \xe6vint\xfdri, \xf3\xf0al',
    'caf\xe9',
    'plain words alone',
  ])('leaves Western texts to others: %s', (text) => {
    expect(decodeOldEncoding(encodeLatin1(text))).toBeUndefined();
  });

  it.each(OTHERS)('leaves %s to others (%s: %s)', (_, hex) => {
    expect(decodeOldEncoding(bytesOf(hex))).toBeUndefined();
    expect(decodeOldEncoding(concat([bytesOf(hex), encodeLatin1(REST)]))).toBeUndefined();
  });

  it('leaves bytes of no text to others', () => {
    const noise = Uint8Array.from({ length: 4096 }, (_, i) => (i * 167 + (i >> 3) * 59) & 0xff);
    expect(decodeOldEncoding(noise)).toBeUndefined();
    expect(decodeOldEncoding(new Uint8Array(0))).toBeUndefined();
  });
});

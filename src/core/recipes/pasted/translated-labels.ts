/** Labels of pages and programs in other languages, put into English: prompts, settings, a line each or one after the other. */

import { isCommonKey } from './number-keys';

/**
 * German, French, Spanish, Portuguese, Italian, Polish, Russian, Ukrainian, Japanese, Chinese (both scripts), Korean; then Turkish, Vietnamese,
 * Dutch, Swedish, Danish, Norwegian, Finnish, Czech, Hungarian, Romanian, Greek, Arabic, Hebrew, Thai, Hindi, Indonesian.
 */
const WORDS: Readonly<Record<string, string>> = {
  Prompt: `positiver prompt, eingabeaufforderung, aufforderung, prompt positif, invite, prompt positivo, промпт, положительный промпт, позитивный промпт, запрос, プロンプト,
    ポジティブプロンプト, 呪文, 提示词, 正向提示词, 正面提示词, 正向提示詞, 正面提示詞, 提示詞, 正向词, 描述词, 关键词, 咒语, 正面描述, 프롬프트, 긍정 프롬프트, 포지티브 프롬프트,
    istem, olumlu istem, pozitif istem, prompt positiva, prompt tích cực, câu lệnh, lời nhắc, positieve prompt, positiv prompt,
    positiivinen kehote, kehote, pozitivní prompt, výzva, pozitív prompt, prompt pozitiv, προτροπή, θετική προτροπή, 提示文字, 正向提示, 正面提示, 正提示词,
    الموجه, الموجّه, המחאה, הנחיה, פרומפט, พรอมต์, ข้อความแจ้ง, प्रॉम्प्ट, perintah`,
  'Negative prompt': `negativer prompt, negative eingabeaufforderung, negative aufforderung, negativ prompt, negativ-prompt, prompt négatif, invite négative, prompt negativo, negatywny prompt,
    негативный промпт, отрицательный промпт, негативний промпт, ネガティブプロンプト, ネガティブ, 反向提示词, 负面提示词, 负向提示词, 反向提示詞,
    負面提示詞, 負向提示詞, 反向词, 负面词, 负面描述, 반대 프롬프트, 부정 프롬프트, 부정적 프롬프트, 네거티브 프롬프트,
    negatif istem, olumsuz istem, prompt negativa, prompt tiêu cực, câu lệnh phủ định, lời nhắc tiêu cực, prompt phủ định, negatieve prompt,
    negativt prompt, negatiivinen kehote, negativní prompt, negatív prompt, prompt negativ, αρνητική προτροπή, αρνητικό prompt, 反向提示, 負面提示, 负面提示,
    負向提示, 负提示词, الموجه السلبي, פרומפט שלילי, הנחיה שלילית, พรอมต์เชิงลบ, नकारात्मक प्रॉम्प्ट, prompt negatif`,
  Steps: `schritte, abtastschritte, sampling-schritte, étapes, nombre d'étapes, pas d'échantillonnage, pasos, pasos de muestreo, passos,
    passos de amostragem, passi, passi di campionamento, kroki, шаги, шагов, количество шагов, шаги семплирования, кроки, ステップ, ステップ数,
    サンプリングステップ, サンプリングステップ数, 生成ステップ数, 步数, 步數, 迭代步数, 迭代步數, 采样步数, 採樣步數, 取樣步數, 采样迭代步数, 生成步数, 스텝, 스텝 수, 단계,
    단계 수, 샘플링 스텝, 샘플링 단계, 샘플링 스텝 수,
    adımlar, adım, adım sayısı, örnekleme adımları, số bước, số bước lấy mẫu, bước, stappen, aantal stappen, samplingstappen, steg, antal steg,
    trin, antal trin, antall steg, askeleet, askelten määrä, počet kroků, kroky, vzorkovací kroky, lépések, lépésszám, pași, număr de pași,
    βήματα, الخطوات, خطوات, צעדים, ขั้นตอน, จำนวนขั้นตอน, चरण, langkah, jumlah langkah`,
  Sampler: `abtaster, abtastmethode, sampling-methode, échantillonneur, méthode d'échantillonnage, muestreador, método de muestreo, amostrador,
    método de amostragem, campionatore, metodo di campionamento, próbnik, сэмплер, семплер, метод семплирования, метод сэмплирования, サンプラー,
    サンプリング方法, サンプリング方式, サンプリングアルゴリズム, サンプラ, 采样器, 采样方法, 采样算法, 採樣器, 採樣方法, 取樣器, 取樣方法, 采样方式, 샘플러, 샘플링 방법, 샘플링 방식,
    örnekleyici, örnekleme yöntemi, bộ lấy mẫu, phương pháp lấy mẫu, bemonsteringsmethode, samplingmethode, samplare, samplingsmetod,
    samplingmetode, näytteistin, vzorkovač, metoda vzorkování, mintavételező, mintavételi módszer, eșantionator, metodă de eșantionare,
    δειγματολήπτης, דוגם, ตัวสุ่ม, metode sampling`,
  'Schedule type': `planer, zeitplan, planungstyp, planificateur, type de planification, planificador, tipo de programación, agendador,
    pianificatore, планировщик, тип планировщика, расписание, スケジューラー, スケジューラ, スケジュールタイプ, スケジュール, 调度器, 調度器, 调度类型, 调度方法, 排程器, 排程類型, 噪声调度,
    스케줄러, 스케줄 타입, 스케줄 유형,
    zamanlayıcı, bộ lập lịch, schemaläggare, planlægger, planlegger, ajoitin, plánovač, ütemező, planificator, χρονοπρογραμματιστής,
    планувальник`,
  'CFG scale': `cfg-skala, cfg-wert, cfg skala, échelle cfg, échelle de guidage, escala cfg, escala de guía, scala cfg, escala de orientação, skala cfg,
    шкала cfg, масштаб cfg, cfgスケール, cfg スケール, cfg値, ガイダンススケール, 提示词引导系数, 提示詞引導係數, 提示词相关性, 提示詞相關性, 提示詞強度, 引导系数, cfg系数, cfg 系数,
    cfg比例, cfg 比例, cfg值, 提示词强度, 引导强度, 文本强度, cfg 스케일, cfg 척도, cfg 값, cfg스케일,
    cfg ölçeği, cfg değeri, thang cfg, thang đo cfg, tỷ lệ cfg, cfg-schaal, cfg schaal, cfg-værdi, cfg-verdi, cfg-asteikko, cfg měřítko,
    měřítko cfg, cfg-skála, cfg skála, scară cfg, κλίμακα cfg, 引導係數, 提示詞相關, cfg 係數, cfg係數, 引導強度, שיעור cfg, พารามิเตอร์ cfg`,
  Seed: `startwert, saatwert, graine, germe, semilla, semente, seme, ziarno, сид, зерно, シード, シード値, 乱数シード, 种子, 種子, 随机种子, 隨機種子, 随机数种子, 隨機數種子,
    种子值, 图像生成种子, 图像种子, 시드, 시드값, 시드 값,
    tohum, hạt giống, zaad, frö, fröet, frø, siemen, semínko, seed érték, sămânță, σπόρος, сід, البذرة, בזרע, זרע, เมล็ด, बीज, benih`,
  Size: `größe, bildgröße, auflösung, taille, résolution, tamaño, resolución, tamanho, resolução, dimensione, dimensioni, risoluzione, rozmiar,
    rozdzielczość, размер, разрешение, розмір, サイズ, 画像サイズ, 解像度, 尺寸, 图片尺寸, 图像尺寸, 圖片尺寸, 图片大小, 分辨率, 解析度, 크기, 이미지 크기, 해상도, 사이즈,
    boyut, boyutlar, çözünürlük, kích thước, độ phân giải, grootte, afmetingen, resolutie, storlek, upplösning, størrelse, opløsning, oppløsning,
    koko, tarkkuus, velikost, rozlišení, méret, felbontás, dimensiune, rezoluție, μέγεθος, ανάλυση, роздільна здатність, 大小, 圖像尺寸, 圖像大小, 影像尺寸,
    畫面尺寸, الحجم, المقاس, גודל, ขนาด, आकार, ukuran`,
  width: `breite, largeur, ancho, largura, larghezza, szerokość, ширина, 幅, 横幅, 宽度, 寬度, 너비, 가로,
    genişlik, chiều rộng, breedte, bredd, bredde, leveys, šířka, szélesség, lățime, πλάτος, العرض, רוחב, ความกว้าง, चौड़ाई, lebar`,
  height: `höhe, hauteur, alto, altura, altezza, wysokość, высота, 高さ, 縦幅, 高度, 높이, 세로,
    yükseklik, chiều cao, hoogte, höjd, højde, høyde, korkeus, výška, magasság, înălțime, ύψος, висота, الارتفاع, גובה, ความสูง, ऊंचाई, tinggi`,
  Model: `modell, checkpoint-modell, modèle, modelo, modello, модель, чекпоинт, モデル, チェックポイント, 使用モデル, 模型, 大模型, 底模, 基础模型, 基礎模型, 主模型, 模型名称, 使用模型,
    모델, 체크포인트, 사용 모델,
    mô hình, malli, μοντέλο, النموذج, מודל, โมเดล, मॉडल`,
  'Model hash': 'modell-hash, хеш модели, хэш модели, モデルハッシュ, 模型哈希, 模型哈希值, 模型雜湊, 모델 해시',
  'Clip skip':
    'clip überspringen, пропуск clip, clipスキップ, clip スキップ, clip 跳过层, clip跳过层, 跳过层, clip终止层数, clip 스킵',
  'Denoising strength': `entrauschungsstärke, denoising-stärke, force de débruitage, fuerza de eliminación de ruido, força de redução de ruído,
    сила шумоподавления, сила денойза, ノイズ除去強度, ノイズ除去の強さ, 重绘幅度, 重繪幅度, 去噪强度, 降噪强度, 디노이징 강도, 노이즈 제거 강도`,
  'Hires upscale': 'アップスケール倍率, 高清放大倍数, 放大倍数, 放大倍率, 업스케일 배율',
  'Hires upscaler': 'アップスケーラー, 放大算法, 高清算法, 放大器, 업스케일러',
  'Hires steps': '高解像度でのステップ数, 高清步数, 高分迭代步数',
  Version: '版本, バージョン, версия, 버전',
};

/** Turkish has a dot on its capital I, which small letters keep as a mark of their own. */
const plain = (word: string): string => word.toLowerCase().replaceAll('\u0307', '').replace(/\s+/g, ' ');

const ENGLISH: ReadonlyMap<string, string> = new Map(
  Object.entries(WORDS).flatMap(([english, words]) =>
    words.split(',').map((word) => [plain(word.trim()), english] as const),
  ),
);
const ALL = [...ENGLISH.keys()]
  .sort((a, b) => b.length - a.length)
  .map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`).replace(/^i/, '[iİ]'))
  .join('|');
/** At the start of a line or behind a pair; French has a space before the colon. */
const LABEL = new RegExp(`(^[\\s>*#•-]{0,8}|[,，、|;；·]\\s{0,4})(${ALL})\\s{0,4}[:：=＝][ \\t]*`, 'gimu');
/** Alone on its line: the value stands below. */
const ALONE = new RegExp(`^[ \\t]{0,8}(${ALL})[ \\t]*$`, 'gimu');

const LEAST_LABELS = 3;
const LEAST_NUMBERS = 2;
const PROMPTS: ReadonlySet<string> = new Set(['Prompt', 'Negative prompt']);
const ENGLISH_STEPS = /^[^\n]{0,20}(?<![\p{L}\p{N}])steps[ \t]{0,4}[:=：]?[ \t]{0,4}\d/imu;
const ENGLISH_PROMPT = /^[\s>*#•-]{0,8}(?:negative )?prompt\b/i;

/**
 * The text itself where hardly any of its labels is of another language. Prompts have such words with words behind them
 * ("模型：塑料"): some numbers must stand there, the steps or the seed among them. What stands before English steps is a prompt.
 */
export function inEnglish(text: string): string {
  const start = ENGLISH_STEPS.exec(text)?.index ?? 0;
  const own = text.slice(start);
  const labels = [...own.matchAll(LABEL), ...own.matchAll(ALONE)];
  const numbers = new Set(labels.filter((match) => hasNumber(own, match)).map(wordOf));
  const isRecipe =
    new Set(labels.map(wordOf)).size >= LEAST_LABELS &&
    numbers.size >= LEAST_NUMBERS &&
    (numbers.has('Steps') || numbers.has('Seed'));
  return isRecipe ? text.slice(0, start) + own.split('\n').map(lineInEnglish).join('\n') : text;
}

const hasNumber = (text: string, match: RegExpExecArray): boolean =>
  isCommonKey(wordOf(match)) && /^\s{0,8}["“]?-?\d/.test(text.slice(match.index + match[0].length).slice(0, 12));

/** In a line of words, settings begin where one has a number; before that only the prompts have labels. */
function lineInEnglish(line: string): string {
  const labels = [...line.matchAll(LABEL)];
  const isSettings =
    labels.length > 0 && labels[0].index === 0 && !PROMPTS.has(wordOf(labels[0])) && !ENGLISH_PROMPT.test(line);
  const first = isSettings ? 0 : (labels.find((match) => hasNumber(line, match))?.index ?? line.length);
  return line
    .replace(LABEL, (whole: string, before: string, word: string, at: number) =>
      at < first && !PROMPTS.has(english(word)) ? whole : `${before.replace(/[，、；]/, ',')}${english(word)}: `,
    )
    .replace(ALONE, (_, word: string) => english(word));
}

/** All words for a label. */
export const wordsFor = (label: string): readonly string[] =>
  [...ENGLISH].flatMap(([word, english]) => (english === label ? [word] : []));

/** The word itself where it is none of those. */
export const english = (word: string): string => ENGLISH.get(plain(word)) ?? word;
const wordOf = (match: RegExpMatchArray): string => english(match[2] ?? match[1] ?? '');

import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { create, type Font } from 'fontkit'

/** A face that comes with the program or with the system, by which words are printed. */
export interface PrintFont {
  /** Where its file lies. Names do not tell faces apart: Droid has two files of one name, with other letters in each. */
  readonly path: string
  readonly file: Buffer
  /** Its name in a file of several faces; else `undefined`. */
  readonly face: string | undefined
  readonly font: Font
}

export interface FaceChoice {
  family: 'sans' | 'serif'
  bold: boolean
  italic: boolean
}

/**
 * Arimo has the widths of Helvetica, by which figures are laid out, and STIX Two the look of journals set in Times and the
 * letters of mathematics; KaTeX's face has the signs that both lack. All are under the SIL Open Font License.
 */
const faces = {
  sans: ['@expo-google-fonts/arimo', 'Arimo'],
  serif: ['@expo-google-fonts/stix-two-text', 'STIXTwoText'],
} as const
const signs = 'katex/dist/fonts/KaTeX_Main-Regular.ttf'

/** The files of all faces, as paths in the folder of packages. */
export const fontFiles: readonly string[] = [
  ...Object.values(faces).flatMap(([folder, name]) =>
    ['400Regular', '400Regular_Italic', '700Bold', '700Bold_Italic'].map(
      (style) => `${folder}/${style}/${name}_${style}.ttf`,
    ),
  ),
  signs,
]

/** Where systems keep letters of East Asia, and others that no face here has. */
const systemFonts = [
  '/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc',
  '/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc',
  '/usr/share/fonts/truetype/wqy/wqy-microhei.ttc',
  '/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf',
  '/usr/share/fonts-droid-fallback/truetype/DroidSansFallback.ttf',
  '/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf',
  '/System/Library/Fonts/Supplemental/Arial Unicode.ttf',
  '/Library/Fonts/Arial Unicode.ttf',
  'C:/Windows/Fonts/msyh.ttc',
  'C:/Windows/Fonts/malgun.ttf',
  'C:/Windows/Fonts/seguisym.ttf',
]

const known = new Map<string, PrintFont | undefined>()

/** Stands for a letter that no face has. */
const placeholder = '□'

/** The words in pieces, each with the first face that has all its letters; those that none has are told, and stand as □. */
export function inFaces(
  words: string,
  choice: FaceChoice,
  onMissing: (letter: string) => void,
): { text: string; font: PrintFont }[] {
  const pieces: { text: string; font: PrintFont }[] = []
  const add = (text: string, font: PrintFont) => {
    const last = pieces.at(-1)
    if (last?.font === font) last.text += text
    else pieces.push({ text, font })
  }
  for (const letter of words) {
    const font = firstWith(letter, choice)
    if (font) add(letter, font)
    else {
      onMissing(letter)
      add(placeholder, firstWith(placeholder, choice)!)
    }
  }
  return pieces
}

function firstWith(letter: string, choice: FaceChoice): PrintFont | undefined {
  for (const each of candidates(choice)) if (each.font.hasGlyphForCodePoint(letter.codePointAt(0)!)) return each
  return undefined
}

function* candidates(choice: FaceChoice): Generator<PrintFont> {
  yield faceOf(choice)
  yield faceOf({ ...choice, family: choice.family === 'sans' ? 'serif' : 'sans' })
  yield packaged(signs)
  for (const path of systemFonts) {
    const font = known.has(path) ? known.get(path) : fontAt(path)
    known.set(path, font)
    if (font) yield font
  }
}

function faceOf({ family, bold, italic }: FaceChoice): PrintFont {
  const [folder, name] = faces[family]
  const style = `${bold ? '700Bold' : '400Regular'}${italic ? '_Italic' : ''}`
  return packaged(`${folder}/${style}/${name}_${style}.ttf`)
}

function packaged(file: string): PrintFont {
  const font = known.get(file) ?? fontAt(locateFont(file))
  if (!font) throw new Error(`a part of the program is missing: the font ${file}`)
  known.set(file, font)
  return font
}

/** Beside a bundle; where there is none, in the packages. */
function locateFont(file: string): string {
  const beside = join(dirname(fileURLToPath(import.meta.url)), 'fonts', file.split('/').at(-1)!)
  return existsSync(beside) ? beside : createRequire(import.meta.url).resolve(file)
}

/** The first face of a file; `undefined` where there is none, or none that can be read. */
function fontAt(path: string): PrintFont | undefined {
  if (!existsSync(path)) return undefined
  try {
    const file = readFileSync(path)
    const opened = create(file)
    if (!('fonts' in opened)) return { path, file, face: undefined, font: opened }
    const font = opened.fonts[0]!
    return { path, file, face: font.postscriptName ?? undefined, font }
  } catch {
    return undefined
  }
}

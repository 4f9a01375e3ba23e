import { describeBounds } from './bounds.ts'
import { specificationFields, type SpecificationField } from './fields.ts'

/** Every field of a specification as a table for a README: path, what may stand there, what holds without, what it is. */
export function markdownTable(): string {
  const rows = specificationFields.map((field) => [
    `\`${field.path}\``,
    allowedValues(field),
    fallbackText(field),
    `${capitalized(field.words.label)}${field.words.symbol ? ` ${field.words.symbol}` : ''}. ${unmarked(field.words.help)}`,
  ])
  const head = ['field', 'allowed', 'default', 'what it is']
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

function allowedValues({ type, choices, bounds }: SpecificationField): string {
  const kinds: Partial<Record<SpecificationField['type'], string>> = {
    number: 'number',
    wholeNumber: 'whole number',
    list: 'list',
    text: 'text',
    part: 'object',
  }
  const words = [kinds[type] ?? '', describeBounds(bounds, writeNumber)].filter(Boolean).join(', ')
  return [...choices.map((choice) => `\`${choice}\``), ...(words === '' ? [] : [words])].join(' · ')
}

function fallbackText({ words, fallback, isRequired }: SpecificationField): string {
  if (words.isFound) return 'found in the file'
  if (isRequired) return words.unless ? `required unless ${unmarked(words.unless)}` : 'required'
  return fallback === undefined ? '–' : `\`${typeof fallback === 'string' ? fallback : JSON.stringify(fallback)}\``
}

function capitalized(text: string): string {
  return text[0]!.toUpperCase() + text.slice(1)
}

/** As it is typed into JSON: no thin spaces, no long rows of zeros. */
function writeNumber(value: number): string {
  return Math.abs(value) >= 1e6 ? value.toExponential().replace('+', '') : String(value)
}

/** Without the marks for italics, which Markdown has not. */
function unmarked(text: string): string {
  return text.replaceAll(/[${}]/g, '')
}

import { setSymbols } from '../../formatting/setSymbols.ts'

const special: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '{': '\\{',
  '}': '\\}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
  _: '\\_',
  '%': '\\%',
  $: '\\$',
  '#': '\\#',
  '&': '\\&',
}
const greek = {
  ...{ α: 'alpha', β: 'beta', γ: 'gamma', δ: 'delta', ε: 'epsilon', ζ: 'zeta', η: 'eta', θ: 'theta', ι: 'iota' },
  ...{ κ: 'kappa', λ: 'lambda', μ: 'mu', ν: 'nu', ξ: 'xi', π: 'pi', ρ: 'rho', σ: 'sigma', τ: 'tau', υ: 'upsilon' },
  ...{ φ: 'phi', χ: 'chi', ψ: 'psi', ω: 'omega', Γ: 'Gamma', Δ: 'Delta', Θ: 'Theta', Λ: 'Lambda', Ξ: 'Xi', Π: 'Pi' },
  ...{ Σ: 'Sigma', Φ: 'Phi', Ψ: 'Psi', Ω: 'Omega' },
}
const signs = {
  ...{ '×': 'times', '÷': 'div', '±': 'pm', '≤': 'leq', '≥': 'geq', '≈': 'approx', '≠': 'neq', '∇': 'nabla' },
  ...{ '→': 'to', '←': 'leftarrow', '⊙': 'odot', '∈': 'in', '∑': 'sum', '∏': 'prod', '∞': 'infty', '‖': '|' },
  ...{ '∂': 'partial', '·': 'cdot', '⊥': 'perp', '∼': 'sim', '∝': 'propto', ℓ: 'ell' },
}
const commands: Readonly<Record<string, string>> = { ...greek, ...signs }
const texts: Readonly<Record<string, string>> = {
  ...{ '−': '$-$', '–': '--', '—': '---', '…': '\\ldots{}', '’': "'", '‘': '`', '“': '``', '”': "''" },
  ...{ '√': '$\\surd$', '\u00a0': '~', '\u2009': '\\,', '\u202f': '\\,', '°': '\\textdegree{}' },
  // In the encoding that classes have by default these are other signs.
  ...{ '<': '$<$', '>': '$>$', '|': '$|$' },
}
const raised = '⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻'
const lowered = '₀₁₂₃₄₅₆₇₈₉₊₋'
const shifted = '0123456789+-'

/** Words marked for `setSymbols` as LaTeX sets them: what it would act on is escaped, symbols are mathematics. */
export function toLatex(words: string): string {
  return setSymbols(words)
    .map(({ text, italic, level }) => {
      const inside = italic ? [...text].map(mathLetter).join('') : setText(text)
      if (level === 'below') return `\\textsubscript{${inside}}`
      if (level === 'above') return `\\textsuperscript{${inside}}`
      return italic ? `$${inside.replaceAll('$', '')}$` : inside
    })
    .join('')
    .replaceAll(joinedBeforeLetter, '$1 ')
    .replaceAll(/(?<!\\)\$\$/g, '')
}

/** Where two pieces of mathematics become one, a letter must not go on the name of the command before it. */
const joinedBeforeLetter = /(\\[A-Za-z]+)\$\$(?=[A-Za-z])/g

/** Digits that are raised or lowered stand together. */
function setText(text: string): string {
  const plain = (digits: string, among: string) => [...digits].map((digit) => shifted[among.indexOf(digit)]).join('')
  return text
    .split(new RegExp(`([${raised}]+|[${lowered}]+)`))
    .map((part) => {
      if (part !== '' && raised.includes(part[0]!)) return `$^{${plain(part, raised)}}$`
      if (part !== '' && lowered.includes(part[0]!)) return `$_{${plain(part, lowered)}}$`
      return [...part].map(textLetter).join('')
    })
    .join('')
}

function textLetter(letter: string): string {
  const command = commands[letter]
  return special[letter] ?? texts[letter] ?? (command === undefined ? letter : `$\\${command}$`)
}

function mathLetter(letter: string): string {
  const command = commands[letter]
  return special[letter] ?? (command === undefined ? letter : `\\${command}{}`)
}

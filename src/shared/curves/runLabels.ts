import { formatCount } from '../formatting/formatNumber.ts'
import type { RunSummary } from '../run.ts'
import { commonBeginning } from './commonBeginning.ts'

export interface RunLabels {
  /** What all names begin with, and the parts they share. */
  title: string
  /** Of each run, as short as keeps them apart. */
  labels: string[]
}

type Named = Pick<RunSummary, 'experiment' | 'name' | 'seed'> & Partial<Pick<RunSummary, 'parentRunId' | 'parentStep'>>

/**
 * Names of runs without the beginning that all share; the seed where names alone do not tell them apart, and of branches the step
 * that they started from where the seed does not either.
 */
export function runLabels(runs: readonly Named[]): RunLabels {
  const names = runs.map(({ experiment, name, seed }) => withoutSeed(name, experiment, seed))
  const distinct = new Set(names)
  const prefix = distinct.size > 1 ? commonBeginning([...distinct]) : ''
  const rests = names.map((name) => name.slice(prefix.length))
  const common = distinct.size > 1 ? commonParts(rests) : []
  const title = [distinct.size === 1 ? (names[0] ?? '') : prefix.replace(/[\s:,;–-]+$/, ''), ...common]
    .map((part) => part.trim())
    .filter(Boolean)
    .join(', ')
  const labels = names.map((name, place) => {
    const short = distinct.size === 1 ? '' : without(rests[place]!, common) || name
    const shared = names.filter((other) => other === name).length > 1 || distinct.size === 1
    return [short, shared ? `seed ${runs[place]!.seed}` : ''].filter(Boolean).join(', ')
  })
  return { title, labels: numberRepeats(withOrigins(labels, runs)) }
}

/** Of labels that several runs have, those of branches with the step that they started from, unless all have the same. */
function withOrigins(labels: readonly string[], runs: readonly Named[]): string[] {
  const originOf = ({ parentRunId, parentStep }: Named) =>
    typeof parentRunId === 'string' ? `from step ${formatCount(parentStep ?? 0)}` : ''
  const alike = Map.groupBy(runs, (_, place) => labels[place]!)
  const differing = new Set([...alike].flatMap(([label, own]) => (new Set(own.map(originOf)).size > 1 ? label : [])))
  return labels.map((label, place) =>
    [label, differing.has(label) ? originOf(runs[place]!) : ''].filter(Boolean).join(', '),
  )
}

/** The same labels, each once: the second of a kind with (2) after it. */
export function numberRepeats(labels: readonly string[]): string[] {
  const given = new Set(labels)
  const uses = new Map<string, number>()
  return labels.map((label) => {
    let [use, name] = [(uses.get(label) ?? 0) + 1, label]
    while (use > 1 && given.has((name = `${label} (${use})`))) use++
    uses.set(label, use)
    return name
  })
}

/** A run is named after its experiment and seed unless a person renamed it. */
function withoutSeed(name: string, experiment: string, seed: number): string {
  return name.endsWith(`, seed ${seed}`) ? name.slice(0, -`, seed ${seed}`.length) : name || experiment
}

/** Parts, between commas, that stand in all of the names. */
function commonParts(names: readonly string[]): string[] {
  const lists = names.map((name) => name.split(', '))
  return (lists[0] ?? []).filter((part) => part !== '' && lists.every((parts) => parts.includes(part)))
}

function without(name: string, parts: readonly string[]): string {
  return name
    .split(', ')
    .filter((part) => !parts.includes(part))
    .join(', ')
}

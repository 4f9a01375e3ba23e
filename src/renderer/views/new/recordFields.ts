import { holds, type Section } from './field.ts'
import { valueAt, type SpecDraft } from './specPaths.ts'

const snapshotKind = (draft: SpecDraft) => {
  const snapshots = valueAt(draft, 'record.snapshots')
  return Array.isArray(snapshots) ? 'list' : String(snapshots ?? 'log')
}
const hasGeometry = (draft: SpecDraft) => valueAt(draft, 'record.geometry') !== undefined
const isNetwork = holds('task.kind', 'modularAddition')

export const recordSection: Section = {
  step: 'record',
  title: 'Recording',
  text: 'What is kept of the run. Everything measured stays; snapshots are what the pictures and branches start from.',
  fields: [
    {
      path: 'record.measureEvery',
      label: 'Measure every',
      kind: 'number',
      allowed: '1 or more.',
      fallback: '10',
      help: 'Losses, accuracies and norms; a measurement costs about as much as a step.',
      unit: () => 'steps',
    },
    {
      path: 'record.snapshots',
      label: 'Snapshots',
      kind: 'segments',
      choices: [
        { value: 'log', label: 'log-spaced' },
        { value: 'events', label: 'at events' },
        { value: 'list', label: 'at steps given' },
      ],
      fallback: 'log',
      help: 'Both layers, exactly. The first, the last and those at events are always kept.',
      read: snapshotKind,
      write: (kind) => [{ path: 'record.snapshots', value: kind === 'list' ? [100, 1000] : kind }],
    },
    {
      path: 'record.snapshots',
      label: 'At the steps',
      kind: 'list',
      allowed: 'Whole numbers.',
      help: 'Separated by commas.',
      shown: (draft) => snapshotKind(draft) === 'list',
    },
    {
      path: 'record.memoriseThreshold',
      label: 'Memorised from',
      kind: 'number',
      allowed: 'Above 0, to 1.',
      fallback: '0.99',
      help: 'Training accuracy that counts as memorised.',
      shown: isNetwork,
    },
    {
      path: 'record.generaliseThreshold',
      label: 'Generalised from',
      kind: 'number',
      allowed: 'Above 0, to 1.',
      fallback: '0.99',
      help: 'Test accuracy that counts as grokked.',
      shown: isNetwork,
    },
    {
      path: 'record.geometry',
      label: 'Geometry',
      kind: 'segments',
      choices: [
        { value: 'off', label: 'off' },
        { value: 'on', label: 'measured' },
      ],
      fallback: 'off',
      help: 'Distance to the zero-loss set and the directions there (Fig. 5); slow for large $p$.',
      shown: isNetwork,
      read: (draft) => (hasGeometry(draft) ? 'on' : 'off'),
      write: (value) => [{ path: 'record.geometry', value: value === 'on' ? { every: 100, lag: 10 } : undefined }],
    },
    {
      path: 'record.geometry.every',
      label: 'Every',
      kind: 'number',
      allowed: '1 or more.',
      fallback: '100',
      help: 'Each costs a return to the set.',
      shown: (draft) => isNetwork(draft) && hasGeometry(draft),
      unit: () => 'steps',
    },
    {
      path: 'record.geometry.lag',
      label: 'Lag',
      symbol: 'ℓ',
      kind: 'number',
      allowed: '1 to the line above.',
      fallback: '10',
      help: 'Cosines are those of the update since so many steps before.',
      shown: (draft) => isNetwork(draft) && hasGeometry(draft),
      unit: () => 'steps',
    },
  ],
}

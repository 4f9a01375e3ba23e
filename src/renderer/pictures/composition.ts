import { createSheet, type Sheet } from '../../shared/figures/sheet.ts'
import type { MeasurementName } from '../../shared/measurements.ts'
import type { FigureId } from '../../shared/papers/papers.ts'
import { keep, readKept } from '../composables/useKept.ts'
import type { Spread } from '../curves/groupBand.ts'
import type { HorizontalAxis } from '../curves/horizontalAxis.ts'

/** How curves of some runs are drawn. */
export interface CurvesLook {
  measurement: MeasurementName
  axis: HorizontalAxis
  vertical: 'linear' | 'log'
  /** `runs` draws every run; the others one center for each group, with its band. */
  spread: 'runs' | Spread
  /** The id of the grouping; by experiment where none is said or the runs do not differ in it. */
  groupBy?: string
}

/** Where a panel's data come from. */
export type PanelSource =
  | ({ kind: 'runs'; runIds: string[]; archive?: string } & CurvesLook)
  | { kind: 'paper'; figure: FigureId; panelId: string }

export interface PanelChoice {
  id: string
  source: PanelSource
}

/** A figure to be: where it is to be printed, its panels in order, and its caption. */
export interface Composition extends Sheet {
  id: string
  name: string
  caption: string
  panels: PanelChoice[]
}

export function createComposition(name: string): Composition {
  return { id: newId(), name, ...createSheet(2), caption: '', panels: [] }
}

/** Ids only have to differ within one browser's storage. */
export function newId(): string {
  return Math.random().toString(36).slice(2, 10)
}

const keptName = 'figures'

/** The figures that this browser keeps, in present names. */
export function readFigures(): Composition[] {
  return readKept<Composition[]>(keptName, [], areCompositions).map(inPresentNames)
}

export function keepFigures(figures: readonly Composition[]): void {
  keep(keptName, figures)
}

/** The axis of computing time was called clock once. */
function inPresentNames(figure: Composition): Composition {
  const panels = figure.panels.map((panel) =>
    panel.source.kind === 'runs' && (panel.source.axis as string) === 'clock'
      ? { ...panel, source: { ...panel.source, axis: 'computeTime' as const } }
      : panel,
  )
  return { ...figure, panels }
}

/** Whether what a browser kept is a list of compositions of this form. */
function areCompositions(kept: unknown): kept is Composition[] {
  return (
    Array.isArray(kept) &&
    kept.every(
      (each: Partial<Composition> | null) =>
        typeof each?.id === 'string' &&
        typeof each.name === 'string' &&
        typeof each.venue === 'string' &&
        typeof each.aspect === 'number' &&
        typeof each.columns === 'number' &&
        typeof each.caption === 'string' &&
        Array.isArray(each.panels),
    )
  )
}

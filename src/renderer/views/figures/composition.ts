import type { MeasurementName } from '../../../shared/measurements.ts'
import type { FigureId } from '../../../shared/paper.ts'
import type { Spread } from '../compare/groupBand.ts'
import type { HorizontalAxis } from '../compare/horizontalAxis.ts'
import { findVenue, venues } from './venues.ts'

/** Where a panel's data come from. */
export type PanelSource =
  | {
      kind: 'runs'
      runIds: string[]
      archive?: string
      measurement: MeasurementName
      axis: HorizontalAxis
      vertical: 'linear' | 'log'
      /** `runs` draws every run; the others one centre for each experiment, with its band. */
      spread: 'runs' | Spread
    }
  | { kind: 'paper'; figure: FigureId; panelId: string }

export interface PanelChoice {
  id: string
  source: PanelSource
}

/** A figure to be: its panels in order, where it is to be printed, and its caption. */
export interface Composition {
  id: string
  name: string
  venue: string
  width: string
  /** Height over width of one panel. */
  aspect: number
  columns: number
  caption: string
  panels: PanelChoice[]
}

export function createComposition(name: string): Composition {
  const [venue] = venues
  return {
    id: newId(),
    name,
    venue: venue!.id,
    width: venue!.widths[0]!.id,
    aspect: 0.75,
    columns: 2,
    caption: '',
    panels: [],
  }
}

/** Ids only have to differ within one browser's storage. */
export function newId(): string {
  return Math.random().toString(36).slice(2, 10)
}

/** The width of a figure in inches. */
export function widthOf({ venue, width }: Composition): number {
  const { widths } = findVenue(venue)
  return (widths.find(({ id }) => id === width) ?? widths[0]!).inches
}

/** Whether what a browser kept is a list of compositions of this form. */
export function areCompositions(kept: unknown): kept is Composition[] {
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

import type { z } from 'zod'
import { machineRequests, type MachineResponses, type MachineEvents } from './contract/machine.ts'
import { experimentRequests, type ExperimentResponses } from './contract/experiments.ts'
import { runRequests, type RunResponses, type RunEvents } from './contract/runs.ts'
import { analysisRequests, type AnalysisResponses, type AnalysisEvents } from './contract/analyses.ts'
import { paperRequests, type PaperResponses, type PaperEvents } from './contract/papers.ts'
import { figureRequests, type FigureResponses, type FigureEvents } from './contract/figures.ts'
import { archiveRequests, type ArchiveResponses, type ArchiveEvents } from './contract/archives.ts'
import { sweepRequests, type SweepResponses, type SweepEvents } from './contract/sweeps.ts'
import { liveMapRequests, type LiveMapResponses } from './contract/liveMaps.ts'

/**
 * Every request a renderer, a browser or a script may send: the schema of its input, checked on arrival. What each one
 * answers stands in the same file as its schema, and in `Responses` under the same name. A request that names several runs is carried out for all of them or
 * for none.
 */
export const requests = {
  ...machineRequests,
  ...experimentRequests,
  ...runRequests,
  ...analysisRequests,
  ...paperRequests,
  ...figureRequests,
  ...archiveRequests,
  ...sweepRequests,
  ...liveMapRequests,
} as const

export type RequestName = keyof typeof requests
/** What a caller writes (defaults may be left out), and what a handler receives. */
export type RequestInput<Name extends RequestName> = z.input<(typeof requests)[Name]>
export type RequestData<Name extends RequestName> = z.output<(typeof requests)[Name]>

/** What a host answers to each request. */
export interface Responses
  extends
    MachineResponses,
    ExperimentResponses,
    RunResponses,
    AnalysisResponses,
    PaperResponses,
    FigureResponses,
    ArchiveResponses,
    SweepResponses,
    LiveMapResponses {}

/** Asks a host, wherever it is; throws the `LabError` that it answers with. */
export type HostRequest = <Name extends RequestName>(name: Name, input: RequestInput<Name>) => Promise<Responses[Name]>

/**
 * What a host tells every renderer, without being asked. State, not commands. Of single runs it tells those who watch
 * them (`run.watch`).
 */
export interface HostEvents
  extends MachineEvents, RunEvents, AnalysisEvents, PaperEvents, FigureEvents, ArchiveEvents, SweepEvents {}
export type HostEventName = keyof HostEvents

/** One handler for every request; leaving one out does not compile. */
export type Handlers = {
  [Name in RequestName]: (data: RequestData<Name>) => Promise<Responses[Name]> | Responses[Name]
}

/** Those that answer every client alike. */
export type SharedHandlers = Omit<Handlers, 'run.watch'>

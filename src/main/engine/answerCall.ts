import { figureById, figures } from '../lab/paper/figures.ts'
import type { LabCallName, LabCalls } from './messages.ts'

type Answers = {
  [Name in LabCallName]: (
    input: LabCalls[Name]['input'],
  ) => Promise<LabCalls[Name]['output']> | LabCalls[Name]['output']
}

const answers: Answers = {
  'paper.figures': (options) =>
    figures.map(({ id, number, title, summary, source, usesRunsOf, experiments }) => ({
      id,
      number,
      title,
      summary,
      source,
      ...(usesRunsOf ? { usesRunsOf } : {}),
      experiments: experiments(options),
    })),
  'paper.needs': ({ figure }) => {
    const { measurements, snapshots } = figureById(figure).needs
    return { measurements: [...measurements], snapshots }
  },
  'paper.evaluate': ({ figure, runs, options }) => ({ figure, ...figureById(figure).evaluate(runs, options) }),
  'analysis.compute': ({ kind }) => {
    throw new RangeError(kind)
  },
  'machine.backends': () => [],
  'machine.benchmark': () => [],
}

/** Does what a host asks outside any run. */
export async function answerCall(name: LabCallName, input: unknown): Promise<unknown> {
  const answer = answers[name] as (input: unknown) => unknown
  return answer(input)
}

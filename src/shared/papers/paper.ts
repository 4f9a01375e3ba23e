/** What a paper on the shelf says of itself. Its figures are in `lab/papers`, each under the name that it has here. */
export interface PaperDescription {
  id: string
  title: string
  subtitle?: string
  /** As it is cited. */
  short: string
  authors: string
  year: number
  arXiv: string
  /** Of the arXiv entry, that was read. */
  version: number
  /** In two or three sentences. */
  idea: string
  /** What is studied: task, model, dynamics. */
  setup: string
  /** What of its templates does not stand in the paper. */
  derived: string
  /** In the order of the paper. */
  figures: readonly string[]
}

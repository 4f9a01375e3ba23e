export type QuitChoice = 'keepRunning' | 'stopAndKeep' | 'cancel'

export interface QuitGuardOptions {
  activeRuns(): number
  /** Those of them that go on by themselves: none that is paused, or that waits for a place which a paused one keeps. */
  runsGoingOn(): number
  /** Whether the queue is paused: who did that goes on with it. */
  isHeld(): boolean
  /** Asks the person what is to become of the runs that are active. */
  ask(activeRuns: number, goingOn: number): Promise<QuitChoice>
  /** Takes the window away while runs go on without it. */
  hide(): void
  /** Stops runs at a checkpoint and closes everything that has to be closed. */
  close(): Promise<void>
  /** Quits the application, once nothing stands against it. */
  quit(): void
  /** What went wrong on the way; it goes on. */
  onFault(error: unknown): void
}

export interface QuitGuard {
  /** For an event that would end the application: lets it pass once everything is closed, and not before. */
  intercept(event: { preventDefault(): void }): void
  /** The person is back: a quit that waits for runs is forgotten. */
  stay(): void
  /** Runs have ended or begun: a quit that waited for the last one that went on does so. */
  runsChanged(): void
  /** Quits without a question, as when the system shuts down. Never rejects. */
  leave(): Promise<void>
}

/** Lets the application end only when its runs have been decided about and its archive is closed. */
export function createQuitGuard(options: QuitGuardOptions): QuitGuard {
  const { activeRuns, runsGoingOn, isHeld, ask, hide, close, quit, onFault } = options
  let state: 'open' | 'asking' | 'closing' | 'closed' = 'open'
  /** Whether it ends with its last run, also while it is asked again. */
  let isWaiting = false
  /** Runs that were active when it was last told of them. */
  let wereActive = 0

  async function decide(): Promise<void> {
    state = 'asking'
    const choice = await ask(activeRuns(), runsGoingOn()).catch((error: unknown): QuitChoice => {
      onFault(error)
      return 'cancel'
    })
    if (state !== 'asking') return
    state = 'open'
    isWaiting ||= choice === 'keepRunning'
    wereActive = activeRuns()
    const isLastOver = (choice === 'keepRunning' ? runsGoingOn() : wereActive) === 0
    if (choice === 'stopAndKeep' || (isWaiting && isLastOver)) await leave()
    else if (choice === 'keepRunning') hide()
  }

  async function leave(): Promise<void> {
    if (state === 'closing' || state === 'closed') return
    state = 'closing'
    await close().catch(onFault)
    state = 'closed'
    quit()
  }

  return {
    intercept(event) {
      if (state === 'closed') return
      event.preventDefault()
      if (state === 'asking' || state === 'closing') return
      void (activeRuns() === 0 ? leave() : decide())
    },
    stay() {
      isWaiting = false
    },
    runsChanged() {
      const active = activeRuns()
      // Who pauses the last ones, in a terminal, has them wait.
      const hasOneEnded = active < wereActive
      wereActive = active
      const isLastOver = active === 0 || (!isHeld() && runsGoingOn() === 0)
      if (state === 'open' && isWaiting && hasOneEnded && isLastOver) void leave()
    },
    leave,
  }
}

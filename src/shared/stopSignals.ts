/**
 * What the system sends to a program that is to end: an interrupt or break typed on its terminal, a request to end, and a
 * terminal or connection that is gone. A host then saves its runs; its workers leave it to the host.
 */
export const stopSignals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGBREAK'] as const

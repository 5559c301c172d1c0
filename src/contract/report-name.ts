/** The default file name of a report, unique on one machine. */
export const reportName = (now: Date): string =>
  `dalab-report-${now.toISOString().slice(0, 19).replace(/:/g, '-')}.zip`

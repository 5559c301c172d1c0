/** What a report is called unless its user says otherwise: no two of one machine alike. */
export const reportName = (now: Date): string =>
  `dalab-report-${now.toISOString().slice(0, 19).replace(/:/g, '-')}.zip`
